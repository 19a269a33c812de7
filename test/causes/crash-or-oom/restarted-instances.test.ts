import { expect, test } from 'vitest';
import instanceCheckFailed from '../../../lambda/causes/backend-down/instance-check-failed/cause.ts';
import cause from '../../../lambda/causes/crash-or-oom/crashing-backend/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import {
  aSnapshot,
  between,
  change,
  denied,
  type Ill,
  instance,
  instanceMetrics,
  partly,
} from '../../support/a-snapshot.ts';
import { errors } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const launchedAt = '2026-03-01T09:00:00Z';
const PANIC = '[ 5160.1] Kernel panic - not syncing: Fatal exception in interrupt';
const BOOT = '[    0.000000] Linux version 6.1.0';
const console = (...lines: string[]) => ({
  consoleOutput: [{ instanceId: 'i-1', at: '2026-03-10T14:29:00Z', lines }],
});
/** The errors began 9 minutes before the newest minute; the check failed from so many minutes before it on. */
const checks = (from: number, until: number, ill: object = {}) => ({
  instanceMetrics: instanceMetrics({
    'i-1': { StatusCheckFailed_Instance: between(from, until, 1).map((value) => value ?? 0), ...ill },
  }),
});
const called = (does: 'reboots' | 'stops', at: string, id = 'i-1') => ({
  changes: [change({ is: 'instances', does, instanceIds: [id] }, { at })],
});
const ill: Ill = {
  loadBalancerMetrics: errors('502', 9, 9, 9, 9, 9, 9, 9, 9, 9),
  instances: [instance('i-1', { launchedAt }), instance('i-2')],
  ...console(PANIC, BOOT),
  ...checks(8, 5, { StatusCheckFailed: between(8, 5, 1) }),
};

test.each<[string, Ill, string]>([
  ['its kernel panicked', {}, 'found strong'],
  ['it started again without a word', console('[ 5160.1] eth0: link up', BOOT), 'found strong'],
  ['only 504s', { loadBalancerMetrics: errors('504', 9, 9, 9, 9, 9, 9, 9, 9, 9) }, 'found strong'],
  ['its first start is all that the console shows', console(BOOT), 'undetermined'],
  ['the console denied', { consoleOutput: denied() }, 'undetermined'],
  ['somebody rebooted it', called('reboots', '2026-03-10T14:20:00Z'), 'undetermined'],
  ['somebody rebooted another', called('reboots', '2026-03-10T14:20:00Z', 'i-2'), 'found strong'],
  ['changes denied', { changes: denied() }, 'found circumstantial'],
  [
    'whether somebody rebooted it was not answered',
    { changes: partly([], { why: 'timed-out', detail: 'x', ids: ['RebootInstances'] }) },
    'found circumstantial',
  ],
  [
    'launched as the errors began',
    { instances: [instance('i-1', { launchedAt: '2026-03-10T14:19:00Z' })] },
    'undetermined',
  ],
  ['the check never failed', checks(0, 0), 'undetermined'],
  ['the check fails still', checks(8, 0), 'undetermined'],
  ['it failed long after the errors began', checks(3, 1), 'undetermined'],
  ['the host failed', checks(8, 5, { StatusCheckFailed_System: between(8, 5, 1) }), 'undetermined'],
])('an instance that started again: %s', (_, part, expected) => {
  expect(outcome(cause, { ...ill, ...part })).toBe(expected);
});

test('stands above the status check that failed for it', () => {
  const { findings } = diagnose(aSnapshot(ill), [instanceCheckFailed, cause]);
  expect(findings.map(({ cause }) => cause)).toEqual(['crashing-backend', 'instance-check-failed']);
});

test('tells what the kernel said', () => {
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "i-1 rebooted by itself as the errors began: its kernel panicked [strong]
      because  the errors began at 14:21   [loadBalancerMetrics]
      because  console of i-1: Kernel panic, \`Fatal exception in interrupt\`   [consoleOutput]
      because  \`StatusCheckFailed_Instance\` failed at 14:22 and passes again; the system check never failed   [instanceMetrics]
      look     see what the system of i-1 logged before it restarted
               aws ec2 get-console-output --instance-id i-1 --latest --output text --region us-east-1"
  `);
});
