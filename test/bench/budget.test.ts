import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ACTIONS } from '../../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../../lambda/deliver/sns.ts';
import { handler } from '../../lambda/entry/alarm.ts';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { ACCOUNT, type AccountSize, REGION } from './account.ts';
import { bundleIn } from './bundle.ts';
import { startStub } from './stub.ts';

/** What does not depend on the machine. Whoever makes it worse says so here; who makes it better lowers the limit. */
const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8'));

test('the bundle is no larger than it was', async () => {
  const { atStart, chunks } = await bundleIn(temporaryFolder());
  const bytes = (of: typeof atStart) => of.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  const zipped = (of: typeof atStart) => of.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  expect(bytes(atStart)).toBeLessThanOrEqual(budget.bytes.atStart);
  expect(zipped(atStart)).toBeLessThanOrEqual(budget.bytes.atStartZipped);
  expect(bytes(chunks)).toBeLessThanOrEqual(budget.bytes.allChunks);
});

test('what only logs need is loaded with them', async () => {
  const { atStart, chunks } = await bundleIn(temporaryFolder());
  const ofLogs = chunks.filter(({ moduleIds }) => moduleIds.some((id) => OF_LOGS.test(id)));
  expect(ofLogs.filter((chunk) => atStart.includes(chunk))).toEqual([]);
  const bytes = ofLogs.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  expect(bytes).toBeGreaterThan(80_000);
  expect(bytes).toBeLessThanOrEqual(budget.bytes.logs);
});

const OF_LOGS =
  /client-s3|client-cloudwatch-logs|collect[/]logs[/](?:read-log|find-places|tally)|reading[/](?:log|access)-/;

test('nothing is imported as an ES module: of node:http that loads undici at the first call', async () => {
  const { chunks } = await bundleIn(temporaryFolder());
  expect(chunks.filter(({ code }) => /\bimport\(/.test(code)).map(({ fileName }) => fileName)).toEqual([]);
});

describe('one triage asks no more than it did', () => {
  let stub: Awaited<ReturnType<typeof startStub>>;
  beforeAll(async () => {
    stub = await startStub(INSTANCES, 0);
    const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };
    const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:triage`;
    const environment = { ...credentials, AWS_ENDPOINT_URL: stub.url, AWS_REGION: REGION, TRIAGE_TOPIC_ARN: topic };
    for (const [name, value] of Object.entries({ ...environment, LOG_LEVEL: 'SILENT' })) vi.stubEnv(name, value);
  });
  afterAll(() => {
    stub.stop();
    vi.unstubAllEnvs();
  });

  test.each(['instances', 'containers'] as const)('of %s', async (kind) => {
    const { calls, chain } = await triaged({ ...INSTANCES, containers: kind === 'containers' });
    expect(calls.length).toBeLessThanOrEqual(budget.calls[kind]);
    expect(chain).toBeLessThanOrEqual(budget.chain[kind]);
  });

  test('of Elastic Load Balancing, for a hundred groups', async () => {
    const { calls } = await triaged({ ...INSTANCES, targets: 300, groups: 100 });
    const asked = calls.filter((action) => action.startsWith('elasticloadbalancing:'));
    expect(asked.length).toBeLessThanOrEqual(budget.calls.elbCallsOf100Groups);
  });

  async function triaged(size: AccountSize) {
    stub.become(size);
    const { alarmEvent } = createRequire(import.meta.url)('./alarm-event.cjs');
    // The cast: one alarm has one report.
    const { verdict, cost } = (await handler(alarmEvent(), CONTEXT)) as Report;
    expect(verdict.cause).toBe('target-security-group-closed');
    const calls = stub.calls();
    // No call that the policy of the function does not allow.
    expect([...ACTIONS, ...PUBLISH_ACTIONS]).toEqual(expect.arrayContaining([...calls]));
    // Publishing included.
    return { calls, chain: cost.criticalPath + 1 };
  }
});

/** CloudTrail is not asked: its pace is a matter of seconds, and `npm run bench` shows it. */
const INSTANCES: AccountSize = { targets: 20, groups: 1, containers: false, trail: 'denied' };
const CONTEXT = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 };
