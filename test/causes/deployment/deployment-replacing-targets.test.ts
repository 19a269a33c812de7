import { expect, test } from 'vitest';
import nothingListening from '../../../lambda/causes/backend-down/nothing-listening/cause.ts';
import cause from '../../../lambda/causes/deployment/deployment-replacing-targets/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import {
  afterLevel,
  always,
  aSnapshot,
  between,
  change,
  denied,
  deployment,
  ecsService,
  groupMetrics,
  type Ill,
  metrics,
  partly,
  TG,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import {
  ago,
  errors,
  exited,
  FAILED_CHECKS,
  inTasks,
  SCALING,
  stopped,
  unscheduled,
} from '../../support/containers.ts';
import { outcome, plain, readable } from '../../support/judged.ts';

const N = null;
const service = ecsService({
  minimumHealthyPercent: 50,
  deployments: [deployment({ id: 'ecs-svc/8', createdAt: ago(16) })],
});
const gone = (minutes: number, reason = SCALING) =>
  unscheduled(`t${minutes}`, minutes, reason, { startedBy: 'ecs-svc/7', startedAt: ago(9000) });
const two = [gone(15), gone(8)];
/** Bursts at 15 and 8 minutes ago. */
const bursts = errors('503', 9, 7, N, N, N, N, N, 8, 6, N, N, N, N, N, N);
const rollout = { ...inTasks, loadBalancerMetrics: bursts, ecsServices: [service], ecsTasks: two };
const hosts = (...values: number[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': afterLevel(...values) } }),
});
const steady = hosts(...Array.from({ length: 30 }, () => 2));
const activity = (minutes: number, cause: string) => ({
  at: ago(minutes),
  endedAt: null,
  description: 'Terminating EC2 instance: i-1',
  cause,
  status: 'Successful',
  message: null,
});
const scaling = (cause: string) => ({
  loadBalancerMetrics: bursts,
  autoScalingGroups: [
    {
      name: 'web-asg',
      min: 1,
      max: 4,
      desired: 2,
      healthCheckTypes: ['ELB'],
      gracePeriod: 0,
      targetGroups: [TG],
      suspendedProcesses: [],
      instances: [],
      activities: [activity(15, cause), activity(8, cause)],
      refreshes: [],
      tags: {},
    },
  ],
});

/** What the controller does as pods are replaced one by one: it registers the new one, and takes away the old one. */
const moved = (does: 'registers' | 'deregisters', minutes: number, id: string) =>
  change(
    { is: 'targets', does, targetGroup: TG, ids: [id] },
    { at: ago(minutes), by: 'role', who: 'role/aws-load-balancer-controller (1773152400)' },
  );
const pods = {
  ...inTasks,
  loadBalancerMetrics: bursts,
  changes: [15, 8].flatMap((minutes) => [
    moved('deregisters', minutes, `old-${minutes}`),
    moved('registers', minutes, `new-${minutes}`),
  ]),
};

test.each([
  ['each burst begins as pods are replaced', pods, 'found strong'],
  [
    'pods leave, and no others come: whatever took them away',
    {
      ...pods,
      changes: pods.changes.filter(({ details }) => details.is === 'targets' && details.does !== 'registers'),
    },
    'found circumstantial',
  ],
  [
    'pods that fail their own checks leave and come back: another cause',
    { ...pods, changes: [15, 8].flatMap((at) => [moved('deregisters', at, 'p'), moved('registers', at - 3, 'p')]) },
    'ruled-out',
  ],
  [
    'pods, and nobody tells which of them left',
    { ...pods, changes: denied('cloudtrail:LookupEvents') },
    'undetermined',
  ],
  [
    'pods, and CloudTrail answered of other things only',
    { ...pods, changes: partly([], { why: 'timed-out', detail: 'x', ids: ['elasticloadbalancing.amazonaws.com'] }) },
    'undetermined',
  ],
  ['pods, and none left', { ...pods, changes: [] }, 'ruled-out'],
  [
    'instances, and CloudTrail is denied',
    { loadBalancerMetrics: bursts, changes: denied('cloudtrail:LookupEvents') },
    'ruled-out',
  ],
  ['each burst begins as tasks are replaced', rollout, 'found strong'],
  ['one burst has no wave', { ...rollout, ecsTasks: two.slice(1) }, 'found circumstantial'],
  [
    'errors go on long after the wave, with all targets there',
    { ...rollout, ...steady, loadBalancerMetrics: errors('503', ...Array.from({ length: 15 }, () => 9)) },
    'found circumstantial',
  ],
  [
    'most errors come long after the wave, with all targets there',
    {
      ...rollout,
      ...steady,
      ecsTasks: [gone(16)],
      loadBalancerMetrics: errors('503', ...Array.from({ length: 16 }, () => 9)),
    },
    'ruled-out',
  ],
  [
    'errors go on, and targets are missing',
    {
      ...rollout,
      ...hosts(2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1),
      loadBalancerMetrics: errors('503', 9, 9, 9, 9, 9, 9, 9),
      ecsTasks: [gone(7)],
    },
    'found strong',
  ],
  ['a wave two minutes before the burst', { ...rollout, ecsTasks: [gone(17), gone(10)] }, 'found strong'],
  ['three minutes before', { ...rollout, ecsTasks: [gone(18), gone(11)] }, 'ruled-out'],
  ['a scale-in', { ...rollout, ecsTasks: two.map((each) => ({ ...each, startedBy: 'ecs-svc/8' })) }, 'found strong'],
  [
    'Spot takes tasks back',
    {
      ...rollout,
      ecsTasks: [stopped('a', 15, { stopCode: 'SpotInterruption' }), stopped('b', 8, { stopCode: 'SpotInterruption' })],
    },
    'found strong',
  ],
  ['tasks that crash: another cause', { ...rollout, ecsTasks: [exited('a', 15, 1), exited('b', 8, 1)] }, 'ruled-out'],
  [
    'tasks that fail their checks: another cause',
    { ...rollout, ecsTasks: [gone(15, FAILED_CHECKS), gone(8, FAILED_CHECKS)] },
    'ruled-out',
  ],
  ['the application answers 5xx', { ...rollout, loadBalancerMetrics: errors('503') }, 'ruled-out'],
  [
    'an instance refresh',
    scaling('At 2026-03-10T14:15:00Z an instance was taken out of service in response to a instance refresh.'),
    'found strong',
  ],
  [
    'Auto Scaling replaces unhealthy instances: another cause',
    scaling(
      'At 2026-03-10T14:15:00Z an instance was taken out of service in response to an ELB system health check failure.',
    ),
    'ruled-out',
  ],
  [
    'what came instead exits: a fault of its own',
    { ...rollout, ecsTasks: [...two, { ...exited('n', 10, 1), startedBy: 'ecs-svc/8' }] },
    'found circumstantial',
  ],
  [
    'an old task exits as well',
    { ...rollout, ecsTasks: [...two, { ...exited('o', 10, 1), createdAt: ago(60) }] },
    'found strong',
  ],
  ['no wave', { ...rollout, ecsTasks: [task('a')] }, 'ruled-out'],
  ['services denied', { ...rollout, ecsServices: denied(), ecsTasks: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says who took what away when, and what the errors have to do with it', () => {
  expect(
    readable(cause, { ...rollout, ...hosts(...Array.from({ length: 30 }, (_, n) => (n === 15 || n === 22 ? 1 : 2))) }),
  ).toMatchInlineSnapshot(`
    "2 targets of prod/web were replaced by a newer deployment, and errors came as they left, each time [strong] since 2026-03-10T14:15:00Z
      because  2 of 2 error bursts since 14:15 began within 2 minutes of a time when targets left; 100 % of the errors came then, or while targets were missing   [loadBalancerMetrics]
      because  targets of web left at 14:15 and 14:22   [ecsTasks]
      because  fewer targets were healthy than before   [targetGroupMetrics]
      fix      set \`minimumHealthyPercent\` of web to 100 (it is 50), so that new tasks serve before old ones stop
               aws ecs update-service --cluster prod --service web --deployment-configuration minimumHealthyPercent=100,maximumPercent=200 --region us-east-1
         undo  aws ecs update-service --cluster prod --service web --deployment-configuration minimumHealthyPercent=50,maximumPercent=200 --region us-east-1
      look     see what web does, and whether it continues
               aws ecs describe-services --cluster prod --services web --region us-east-1"
  `);
});

test.each<[string, Ill, string]>([
  [
    'tasks that failed their checks',
    { ...rollout, ecsTasks: [gone(15, FAILED_CHECKS), gone(8, FAILED_CHECKS)] },
    'the targets that left close to the errors were lost, or removed because they failed: not by a rollout, a scale-in or a person',
  ],
  [
    'instances that Auto Scaling replaced for theirs',
    scaling(
      'At 2026-03-10T14:15:00Z an instance was taken out of service in response to an ELB system health check failure.',
    ),
    'the targets that left close to the errors were lost, or removed because they failed: not by a rollout, a scale-in or a person',
  ],
  ['none', { ...rollout, ecsTasks: [task('a')] }, 'no target left close to an error'],
  [
    'some, an hour before the errors',
    { ...rollout, ecsTasks: [gone(75, FAILED_CHECKS)] },
    'no target left close to an error',
  ],
])('what is said not to have been taken away by a rollout, where there are %s', (_, ill, because) => {
  const { ruledOut } = diagnose(aSnapshot(ill), [cause]);
  expect(ruledOut.map((one) => plain(one.because))).toEqual([because]);
});

test('tasks that no other outlived were not replaced: the service is to run none', () => {
  const off = ecsService({
    desired: 0,
    deployments: [deployment({ id: 'ecs-svc/8', desired: 0, createdAt: ago(16) })],
  });
  const newer = (minutes: number) =>
    unscheduled('n', minutes, 'Scaling activity initiated by (deployment ecs-svc/8)', {
      ...{ startedBy: 'ecs-svc/8', startedAt: ago(16) },
    });
  const told = (...tasks: ReturnType<typeof gone>[]) =>
    readable(cause, { ...rollout, ecsServices: [off], ecsTasks: tasks, ...steady });
  expect(told(gone(15), newer(15))).toContain('2 targets of prod/web were removed by a scale-in');
  expect(told(gone(15), newer(15))).not.toMatch(/newer|replaced/);
  expect(told(gone(15))).not.toMatch(/newer|replaced/);
  // The newer one went on for minutes: it did take the place of the other, before all were taken away.
  expect(told(gone(15), newer(8))).toContain('replaced by a newer deployment');
});

test('what Auto Scaling replaces may be as new as before', () => {
  const refreshed = 'At 2026-03-10T14:15:00Z an instance was taken out of service in response to an instance refresh.';
  const told = readable(cause, scaling(refreshed));
  expect(told).toContain('2 targets of web-asg were replaced by Auto Scaling');
  expect(told).not.toContain('newer');
});

const fewer = hosts(...Array(24).fill(3), ...Array(6).fill(1));
const cutAt = (minutes: number, to: number, desired = to) => {
  const one = activity(minutes, `At ${ago(minutes)} a user request changing the desired capacity from 3 to ${to}.`);
  const [group] = scaling('').autoScalingGroups;
  return (
    group && {
      loadBalancerMetrics: errors('503', 9, 7, 8, 9, 7),
      autoScalingGroups: [{ ...group, desired, activities: [one] }],
    }
  );
};
test.each([
  ['it still is as small', { ...cutAt(6, 1), ...fewer }, true],
  ['it was made larger since', { ...cutAt(6, 1, 2), ...fewer }, false],
  ['those that are left were enough', { ...cutAt(6, 1), ...steady }, false],
])('a scale-in just before the errors is taken back where %s', (_, ill, isUndone) => {
  const told = readable(cause, ill);
  expect(told.includes('run 3 instances again, as before')).toBe(isUndone);
  expect(told.includes('--desired-capacity 3 ')).toBe(isUndone);
});

const ASKED = 'a user request update of AutoScalingGroup constraints changing the desired capacity from 2 to 1.';

test('what Auto Scaling does on request is not done by a person', () => {
  const told = readable(cause, scaling(ASKED));
  expect(told).toContain('2 targets of web-asg were removed by Auto Scaling on request');
  expect(told).not.toMatch(/person|script/);
});

test('what the same removed shortly before, without errors, is counted apart', () => {
  const late = errors('502', 9, 7, N, N, N, N, N, N);
  const { autoScalingGroups } = scaling(ASKED);
  const activities = (minutes: number) => [activity(minutes, ASKED), activity(8, ASKED)];
  const toldWith = (minutes: number) =>
    readable(cause, {
      loadBalancerMetrics: late,
      autoScalingGroups: autoScalingGroups.map((group) => ({ ...group, activities: activities(minutes) })),
    });
  expect(toldWith(12)).toContain('1 target of web-asg was removed by Auto Scaling on request');
  expect(toldWith(12)).toMatch(/targets of web left at 14:22; 1 more had left at 14:18, without errors/);
  expect(toldWith(18)).toContain('1 more had left at 14:12');
  expect(toldWith(19)).not.toContain('more had left');
});

test('what refused connections while too few were healthy comes of the rollout; what refuses now does not', () => {
  const symptomsIn = (ill: Ill) =>
    diagnose(aSnapshot(ill), [cause, nothingListening]).findings.flatMap(({ cause: id, symptomOf }) =>
      id === 'nothing-listening' ? [symptomOf ?? 'none'] : [],
    );
  const refused = (ill: Ill = {}): Ill => ({
    ...scaling(ASKED),
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_502_Count: between(8, 5, 50),
      HTTPCode_ELB_5XX_Count: between(8, 5, 50),
      TargetConnectionErrorCount: between(8, 5, 50),
    }),
    targetGroupMetrics: groupMetrics({
      [TG]: { 'HealthyHostCount.min': always(2).map((level, minute) => (minute >= 172 && minute < 175 ? 0 : level)) },
    }),
    ...ill,
  });
  expect(symptomsIn(refused())).toEqual(['deployment-replacing-targets']);
  const now = ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks'));
  expect(symptomsIn(refused({ targetHealth: now }))).toEqual(['none']);
});
