import { expect, test } from 'vitest';
import { seen } from '../../lambda/incident/observed.ts';
import { moreTargets, unlimitedCredits } from '../../lambda/remedies/capacity.ts';
import { asCall } from '../../lambda/remedies/remedy.ts';
import { reportFix } from '../../lambda/remedies/writers/report-fix.ts';
import { aSnapshot, denied, deployment, ecsService, instance, TG, target } from '../support/a-snapshot.ts';
import { scalingGroup, shrunk } from '../support/auto-scaling.ts';

const ofGroup = { 'aws:autoscaling:groupName': 'web-asg' };
const ofCluster = { 'elbv2.k8s.aws/cluster': 'prod' };
const ofStack = { 'aws:cloudformation:stack-name': 'web' };

test.each([
  ['nobody', [{}, {}], undefined, null],
  ['an Auto Scaling group', [ofGroup, ofGroup], 'Auto Scaling group web-asg', 'scaling-group'],
  ['a controller', [ofCluster, ofCluster], 'load balancer controller of cluster prod', 'controller'],
  ['a stack', [ofStack, {}], 'CloudFormation stack web', 'other'],
  ['several', [ofStack, ofGroup], 'Auto Scaling group web-asg, CloudFormation stack web', 'scaling-group'],
])('instances that burst keep the owner that they have: %s', (_, [one = {}, other = {}], managedBy, owner) => {
  const instances = seen([instance('i-1', { tags: one }), instance('i-2', { tags: other })]);
  const fix = reportFix(unlimitedCredits(['i-1', 'i-2'], TG, instances), 'us-east-1');
  expect(fix.managedBy).toBe(managedBy);
  expect(fix.traits?.owner).toBe(owner);
});

test('who is to add targets is the Auto Scaling group whose size was not read, as such', () => {
  const { evidence } = aSnapshot({
    instances: [instance('i-1', { tags: ofGroup })],
    autoScalingGroups: denied('autoscaling:DescribeAutoScalingGroups'),
  });
  const added = moreTargets([target('i-1')], evidence)
    .map((remedy) => reportFix(remedy, 'us-east-1'))
    .at(-1);
  expect(added).toMatchObject({ managedBy: 'Auto Scaling group web-asg', traits: { owner: 'scaling-group' } });
});

/** `web-1` in `web-asg`, which was made smaller at 14:08. */
const shrunkBy = (who: string, from: number, to: number, desired = to) =>
  aSnapshot({
    instances: [instance('i-1', { tags: ofGroup })],
    autoScalingGroups: [scalingGroup({ desired, max: 20, activities: [shrunk('14:08', who, from, to)] })],
  }).evidence;
const PERSON = 'a user request explicitly set group desired capacity';
const SCHEDULE = 'a scheduled action update of AutoScalingGroup constraints to min: 0,';
const POLICY = 'a monitor alarm low in state ALARM triggered policy in';

test.each([
  ['a person', shrunkBy(PERSON, 3, 1), '14:10', 3],
  ['a person, of a large group', shrunkBy(PERSON, 10, 9), '14:10', 10],
  ['a schedule', shrunkBy(SCHEDULE, 6, 2), '14:10', 6],
  ['a policy, by many', shrunkBy(POLICY, 6, 2), '14:10', 6],
  ['a policy, by one of many: what it took last may be too few', shrunkBy(POLICY, 10, 9), '14:10', 14],
  ['a person, within the minute of the first error', shrunkBy(PERSON, 3, 1), '14:07', 3],
  ['a person, after the errors began', shrunkBy(PERSON, 3, 1), '14:05', 2],
  ['a person, within an hour', shrunkBy(PERSON, 3, 1), '15:08', 3],
  ['a person, longer ago', shrunkBy(PERSON, 3, 1), '15:09', 2],
  ['a person, and it was made larger since', shrunkBy(PERSON, 3, 1, 2), '14:10', 3],
])('as many instances as before it was made smaller by %s', (_, evidence, onset, expected) => {
  const [first] = moreTargets([target('i-1')], evidence, `2026-03-10T${onset}:00Z`);
  expect(asCall(first?.run ?? null)?.options.desiredCapacity).toBe(expected);
});

const told = (clock: string, message: string) => ({
  at: `2026-03-10T${clock}:00Z`,
  message: `(service web) ${message}`,
});
const STOPPED = told('14:08', 'has stopped 2 running tasks: (task a) (task b).');
const cutService = (events: readonly { at: string; message: string }[], ill = {}) =>
  aSnapshot({
    ecsServices: [
      ecsService({
        desired: 1,
        running: 1,
        events,
        deployments: [deployment({ createdAt: '2026-03-01T10:00:00Z' })],
        ...ill,
      }),
    ],
  }).evidence;

test.each([
  ['tasks were stopped, and none started', cutService([STOPPED]), 3],
  ['others were started', cutService([told('14:09', 'has started 1 tasks: (task c).'), STOPPED]), 2],
  [
    'they were ill',
    cutService([STOPPED, told('14:07', '(port 80) is unhealthy in (target-group x) due to (reason y).')]),
    2,
  ],
  [
    'a deployment replaced them',
    cutService([STOPPED], { deployments: [deployment({ createdAt: '2026-03-10T14:05:00Z' })] }),
    2,
  ],
  ['long before', cutService([{ ...STOPPED, at: '2026-03-10T12:08:00Z' }]), 2],
  [
    'few of many',
    cutService([told('14:08', 'has stopped 1 running tasks: (task a).')], { desired: 9, running: 9 }),
    14,
  ],
])('as many tasks as before fewer were wanted: %s', (_, evidence, expected) => {
  const [first] = moreTargets([target('10.0.10.21')], evidence, '2026-03-10T14:10:00Z');
  expect(asCall(first?.run ?? null)?.options.desiredCount).toBe(expected);
});
