import { expect, test } from 'vitest';
import { parseLogPlaces } from '../../../lambda/intake/index.ts';
import { outcomeOf } from './a-shell.ts';

/** What AWS was asked for beyond its control plane; the test's AWS refuses to be asked. */
async function asked(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { asked: all } = await outcomeOf(['web', ...argv], { env });
  return all[0]?.request.beyond;
}

test('nothing beyond the control plane is asked for unless somebody asks', async () => {
  expect(await asked([], { TRIAGE_LOGS: 's3://web-logs' })).toBeUndefined();
});

test('logs, where AWS says that they are, where the option says it, or the environment', async () => {
  expect(await asked(['--with', 'logs'])).toEqual({ logs: { places: [] } });
  expect(await asked(['--with', 'logs=s3://web-logs/alb/'])).toEqual({ logs: { places: ['s3://web-logs/alb'] } });
  expect(await asked(['--with', 'logs=s3://web-logs,logs=/aws/web', '--with', 'logs=other'])).toEqual({
    logs: { places: ['s3://web-logs', '/aws/web', 'other'] },
  });
  expect(await asked(['--with', 'logs'], { TRIAGE_LOGS: 's3://a-b, web' })).toEqual({
    logs: { places: ['s3://a-b', 'web'] },
  });
});

test.each([
  ['probe', 'probe is not built yet: use logs'],
  ['host,logs', 'host is not built yet'],
  ['pods', 'pods is not built yet'],
  ['lgos', 'did you mean logs?'],
  ['moon', 'use logs'],
  ['logs=true', 'expected s3://bucket/prefix or the name of a log group, found "true"'],
  ['logs=', 'found ""'],
])('--with %s', async (evidence, says) => {
  const { status, stderr } = await outcomeOf(['web', '--with', evidence]);
  expect(status).toBe(2);
  expect(stderr).toContain(says);
});

test('an environment that cannot be read is wrong usage', async () => {
  const { status, stderr } = await outcomeOf(['web', '--with', 'logs'], { env: { TRIAGE_LOGS: 's3://X' } });
  expect([status, stderr]).toEqual([2, expect.stringContaining('TRIAGE_LOGS: expected s3://bucket/prefix')]);
});

test('a policy takes places, and prints what they take', async () => {
  const { status, stderr } = await outcomeOf(['policy', '--with', 'logs']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('say where they are')]);
  const { stdout } = await outcomeOf(['policy', '--with', 'logs=s3://web-logs/alb']);
  expect(stdout).toContain('arn:*:s3:::web-logs/alb/*');
});

test('a place is read as the console copies it', () => {
  expect(parseLogPlaces('s3://web-logs/alb/AWSLogs/123456789012/elasticloadbalancing/')).toEqual(['s3://web-logs/alb']);
  expect(parseLogPlaces('arn:aws:logs:us-east-1:123456789012:log-group:web:*')).toHaveLength(1);
  expect(parseLogPlaces(' , ')).toEqual([]);
});
