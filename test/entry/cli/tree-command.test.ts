import { describe, expect, test } from 'vitest';
import { asFailed } from '../../../lambda/diagnose/failed-diagnosis.ts';
import { snapshotDiagnosis } from '../../../lambda/entry/cli/snapshot-diagnosis.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { outcomeOf } from './a-shell.ts';

const snapshot = aSnapshot();
const diagnosis = snapshotDiagnosis(snapshot);
const why = 'There is no Application Load Balancer wep in eu-west-1.';
const notFound = { diagnosis: asFailed(diagnosis, why), reason: 'not-found' as const };

describe('what cannot be found is told with its reason alone', () => {
  test.each(['tree wep', 'tree web --region eu-west-1', 'tree tree'])('%s', async (line) => {
    const { status, stdout, stderr } = await outcomeOf(line.split(' '), { triage: notFound });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `alb-triage: ${why}\n` });
  });
});

describe.each([
  ['demoo', 'demo'],
  ['tre', 'tree'],
])('%s, which is no load balancer', (typo, name) => {
  test(`may be ${name}`, async () => {
    const { status, stderr } = await outcomeOf([typo], { triage: notFound });
    expect(status).toBe(2);
    expect(stderr).toBe(
      `alb-triage: there is no command '${typo}': did you mean ${name}? As a load balancer: ${why}\n`,
    );
  });
});

describe('what is to come, a letter away', () => {
  test.each(['audot', 'audt', 'hosts', 'hots'])('%s, which is no load balancer', async (typo) => {
    const { status, stderr } = await outcomeOf([typo], { triage: notFound });
    expect(status).toBe(2);
    expect(stderr).toMatch(/did you mean (audit|host), which is not there yet\? As a load balancer: /);
  });
});

test.each(['--wiht', '--wth', '--withh', '--whit'])('web %s logs', async (typo) => {
  expect(await outcomeOf(['web', typo, 'logs'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`unknown option '${typo}': did you mean --with?`),
  });
});

describe('tree without a load balancer', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
  const choice = { arn, name: 'web', region: 'us-east-1', state: 'active', errors: 7 };
  const found = { choices: [choice], read: ['us-east-1'] };

  test('on a terminal, draws the one that is picked', async () => {
    const triage = { snapshot, diagnosis };
    const outcome = await outcomeOf(['tree'], { found, triage, pick: async ([first]) => first });
    expect(outcome.status).toBe(0);
    expect(outcome.asked).toMatchObject([{ request: { about: { by: 'arn', arn } } }]);
  });

  test('picking none is what Ctrl-C is', async () => {
    expect((await outcomeOf(['tree'], { found, pick: async () => undefined })).status).toBe(130);
  });

  test('a saved snapshot is not picked for', async () => {
    const { status, asked } = await outcomeOf(['tree', '--snapshot', '-'], {
      ...{ found, stdin: JSON.stringify(snapshot) },
      pick: async () => expect.unreachable(),
    });
    expect({ status, asked }).toEqual({ status: 0, asked: [] });
  });
});
