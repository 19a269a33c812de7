import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/instance-not-running/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import type { AutoScalingGroup } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aSnapshot,
  denied,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  newest,
  partly,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { launchFailed, member, scalingGroup, shrunk } from '../../support/auto-scaling.ts';
import { deniedBecause, outcome, readable } from '../../support/judged.ts';

const unused = (id: string) =>
  target(id, { state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' });
const stopped = (id: string, ill = {}) =>
  instance(id, {
    state: 'stopped',
    stateSince: '2026-03-10T14:22:00Z',
    stateReason: { code: 'Client.UserInitiatedShutdown', message: 'User initiated shutdown' },
    ...ill,
  });
const both = { targetHealth: [unused('i-1'), unused('i-2')], instances: [stopped('i-1'), stopped('i-2')] };

test.each([
  ['both instances are stopped', both, 'found decisive'],
  ['one of two is stopped', { targetHealth: [unused('i-1'), target('i-2')] }, 'found decisive'],
  ['the load balancer says so and the instances could not be read', { ...both, instances: denied() }, 'found decisive'],
  [
    'an instance is gone, the load balancer has not noticed',
    { instances: [instance('i-1', { state: 'terminated' })] },
    'found decisive',
  ],
  ['all instances run', {}, 'ruled-out'],
  [
    'a target is unused for another reason',
    { targetHealth: [target('i-1', { state: 'unused', reason: 'Target.NotInUse' })] },
    'ruled-out',
  ],
  ['no target is an instance', { targetHealth: [target('10.0.10.5')] }, 'not-applicable'],
  ['target health was denied', { targetHealth: denied() }, 'undetermined'],
  [
    'one group could not be read, the others are fine',
    { targetHealth: partly([target('i-1')], { why: 'throttled', detail: 'x', ids: ['tg-2'] }) },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

const healthy = (...values: (number | null)[]) => groupMetrics({ [TG]: { 'HealthyHostCount.min': newest(...values) } });
const whole = (before: number, minutes: number) => [...Array(180 - minutes).fill(before), ...Array(minutes).fill(1)];

test.each([
  ['fewer targets are healthy since the errors', healthy(...whole(2, 9)), 'decisive'],
  ['for an hour more', healthy(...whole(2, 69)), 'decisive'],
  ['for longer', healthy(...whole(2, 71)), 'circumstantial'],
  ['for all of three hours', healthy(...whole(1, 9)), 'circumstantial'],
  ['as far as was sent, a few minutes', healthy(1, 1, 1), 'decisive'],
  ['the last count is from before it stopped', healthy(...Array(180).fill(2)), 'decisive'],
  ['nobody counted them', groupMetrics({}), 'decisive'],
])('where EC2 does not tell when it stopped: %s', (_, targetGroupMetrics, strength) => {
  const snapshot = aSnapshot({
    targetHealth: [unused('i-1'), target('i-2')],
    instances: denied(),
    loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 50), HTTPCode_ELB_5XX_Count: lately(9, 50) }),
    targetGroupMetrics,
  });
  expect(diagnose(snapshot, [cause]).findings[0]?.strength).toBe(strength);
});

test('says which instance, who stopped it and when, and how to start it', () => {
  expect(readable(cause, both)).toMatchInlineSnapshot(`
    "i-1 and i-2 are \`stopped\`: no target is left in web [circumstantial] since 2026-03-10T14:22:00Z
      because  i-1 is \`unused\`: \`Target.InvalidState\`, "Target is in the stopped state" (2 targets)   [targetHealth]
      because  i-1 and i-2 have been \`stopped\` since 14:22: stopped by an API call (Client.UserInitiatedShutdown)   [instances]
      fix      start 2 stopped instances
               aws ec2 start-instances --instance-ids i-1 i-2 --region us-east-1
         undo  aws ec2 stop-instances --instance-ids i-1 i-2 --region us-east-1"
  `);
});

test.each([
  [20, 'start 20 stopped instances', 20],
  [21, 'start i-1, i-2, i-3 and 17 more (20 of 21, and then the last one the same way)', 20],
  [300, 'start i-1, i-2, i-3 and 17 more (20 of 300, and then the other 280 the same way)', 20],
])('%i instances that stopped are told in a line, and started as many as a call names', (of, does, started) => {
  const ids = Array.from({ length: of }, (_, n) => `i-${n + 1}`);
  const all = { targetHealth: ids.map((id) => unused(id)), instances: ids.map((id) => stopped(id)) };
  const told = readable(cause, { ...both, ...all });
  expect(told).toContain(`fix      ${does}\n`);
  expect(told).toContain(`${of} instances have been \`stopped\` since 14:22: stopped by an API call`);
  expect(told).not.toContain('has been `stopped`');
  for (const verb of ['start', 'stop']) {
    const [, named = ''] = new RegExp(`aws ec2 ${verb}-instances --instance-ids ((?:i-\\d+ )+)`).exec(told) ?? [];
    expect(named.trim().split(' ')).toHaveLength(started);
  }
});

const commands = (ill: object) =>
  diagnose(aSnapshot({ ...both, ...ill }), [cause]).findings[0]?.fixes.flatMap(({ run }) =>
    run === null ? [] : [run.slice(1, 3).join(' ')],
  );

test.each([
  ['stopped, in no Auto Scaling group, not Spot', {}, ['ec2 start-instances']],
  ['terminated', { instances: [stopped('i-1', { state: 'terminated' }), stopped('i-2', { state: 'terminated' })] }, []],
  ['Spot', { instances: [stopped('i-1', { spot: true }), stopped('i-2', { spot: true })] }, []],
  [
    'in an Auto Scaling group by its tag',
    { instances: [stopped('i-1', { tags: { 'aws:autoscaling:groupName': 'web-asg' } })] },
    ['autoscaling describe-scaling-activities'],
  ],
  [
    'in an Auto Scaling group by its membership',
    {
      instances: [stopped('i-1')],
      autoScalingInstances: [
        { instanceId: 'i-1', group: 'web-asg', lifecycleState: 'InService', healthStatus: 'HEALTHY' },
      ],
    },
    ['autoscaling describe-scaling-activities'],
  ],
  [
    'nobody could tell about Auto Scaling',
    { autoScalingInstances: denied('autoscaling:DescribeAutoScalingInstances') },
    ['autoscaling describe-auto-scaling-instances'],
  ],
  ['nobody could tell what they are', { instances: denied('ec2:DescribeInstances') }, ['ec2 describe-instances']],
  [
    'nobody could tell what one of them is',
    { instances: partly([stopped('i-1')], { why: 'throttled', detail: 'x', ids: ['i-2'] }) },
    ['ec2 start-instances', 'ec2 describe-instances'],
  ],
])('%s', (_, ill, expected) => {
  expect(commands(ill)).toEqual(expected);
});

test.each<[string, object, string, string]>([
  [
    'what they are',
    { instances: denied('ec2:DescribeInstances') },
    'start i-1 and i-2, unless Spot or an Auto Scaling group owns them, which was not seen: allow `ec2:DescribeInstances`, then ask again\n',
    'see whether Spot or an Auto Scaling group owns i-1 and i-2\n',
  ],
  [
    'what one of them is',
    { instances: partly([stopped('i-1')], { why: 'throttled', detail: 'x', ids: ['i-2'] }) },
    'start i-2, unless Spot or an Auto Scaling group owns it, which was not seen\n',
    'see whether Spot or an Auto Scaling group owns i-2\n',
  ],
  [
    'whose they are',
    { autoScalingInstances: denied('autoscaling:DescribeAutoScalingInstances') },
    'start i-1 and i-2, unless an Auto Scaling group owns them, which was not seen\n',
    'see whether an Auto Scaling group owns i-1 and i-2\n',
  ],
])('what is stopped is not gone, though nobody saw %s', (_, ill, start, look) => {
  const told = readable(cause, { ...both, ...ill });
  expect(told).toContain(start);
  expect(told).toContain(look);
  expect(told).not.toMatch(/gone|register running instances/);
});

test('of what EC2 has ended, nobody is told to start it', () => {
  const ended = { ...unused('i-1'), description: 'Target is in the terminated state' };
  const told = readable(cause, { targetHealth: [ended], instances: denied('ec2:DescribeInstances') });
  expect(told).toContain('replace what is gone: register running instances with web');
  expect(told).not.toContain('start i-1');
});

test('a stop after the errors began is an effect', () => {
  const late = {
    ...both,
    loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(60, 50), HTTPCode_ELB_5XX_Count: lately(60, 50) }),
  };
  const [finding] = diagnose(aSnapshot(late), [cause]).findings;
  expect([finding?.strength, finding?.capped]).toEqual([
    'circumstantial',
    'it began after the errors did: an effect, not their cause',
  ]);
});

test('says that AWS took Spot capacity back, where that took all of them', () => {
  const taken = { state: 'terminated', stateReason: { code: 'Server.SpotInstanceTermination', message: '' } };
  const gone = (second: object) =>
    readable(cause, { ...both, instances: [stopped('i-1', taken), stopped('i-2', second)] });
  expect(gone(taken)).toMatch(/^i-1 and i-2 are `terminated`, taken back as Spot capacity: no target is left in web/);
  expect(gone({})).toMatch(/^i-1 and i-2 are `stopped` and `terminated`: no target/);
});

test.each([
  ['replaces them', [], 'see what Auto Scaling group web-asg does about it'],
  [
    'cannot',
    [launchFailed('14:25', 'no capacity')],
    'let Auto Scaling group web-asg launch replacements, which it cannot now',
  ],
])('says that the Auto Scaling group %s', (_, activities, expected) => {
  const instances = [stopped('i-1', { tags: { 'aws:autoscaling:groupName': 'web-asg' } })];
  const told = readable(cause, { ...both, instances, autoScalingGroups: [scalingGroup({ activities })] });
  expect(told).toContain(expected);
});

const web = { 'aws:autoscaling:groupName': 'web-asg' };
const owned = {
  targetHealth: both.targetHealth,
  instances: [stopped('i-1', { tags: web }), stopped('i-2', { tags: web })],
};
const ended = {
  targetHealth: both.targetHealth,
  instances: [stopped('i-1', { state: 'terminated' })],
  autoScalingInstances: [],
};
const members = (lifecycleState: string) => [member('i-1', lifecycleState), member('i-2', lifecycleState)];
const REPLACES = 'it replaces its instances itself';

test.each<[string, object, Partial<AutoScalingGroup>, string]>([
  [
    'its checks',
    owned,
    { suspendedProcesses: ['HealthCheck'] },
    'resume-processes --auto-scaling-group-name web-asg --scaling-processes HealthCheck ',
  ],
  ['replacing', owned, { suspendedProcesses: ['ReplaceUnhealthy'] }, '--scaling-processes ReplaceUnhealthy '],
  ['ending', owned, { suspendedProcesses: ['Terminate'] }, '--scaling-processes Terminate '],
  ['launching', owned, { suspendedProcesses: ['Launch'] }, '--scaling-processes Launch '],
  ['registering', owned, { suspendedProcesses: ['AddToLoadBalancer'] }, '--scaling-processes AddToLoadBalancer '],
  [
    'both',
    owned,
    { suspendedProcesses: ['ReplaceUnhealthy', 'HealthCheck', 'AZRebalance'] },
    '--scaling-processes HealthCheck ReplaceUnhealthy ',
  ],
  [
    'launching, and what is gone has left it',
    ended,
    { instances: [], suspendedProcesses: ['Launch', 'HealthCheck'] },
    '--scaling-processes Launch ',
  ],
  [
    'none is wanted',
    owned,
    { desired: 0, activities: [shrunk('14:20', 'a user request', 2, 0)] },
    '--desired-capacity 2 ',
  ],
  [
    'all that is in standby, and none is wanted besides',
    { ...owned, autoScalingInstances: members('Standby') },
    { desired: 1, instances: members('Standby') },
    '--desired-capacity 2 ',
  ],
  [
    'one that is in standby keeps the place',
    { ...owned, autoScalingInstances: members('Standby') },
    { instances: members('Standby') },
    'terminate-instance-in-auto-scaling-group --instance-id i-1 --no-should-decrement',
  ],
  [
    'all that is in the warm pool',
    { ...owned, autoScalingInstances: members('Warmed:Stopped') },
    { desired: 1, instances: [] },
    '--desired-capacity 2 ',
  ],
])('what keeps Auto Scaling from replacing is undone: %s', (_, ill, group, expected) => {
  const told = readable(cause, { ...ill, autoScalingGroups: [scalingGroup(group)] });
  expect(told).toContain(expected);
  expect(told).not.toContain(REPLACES);
  expect(told).not.toContain('start-instances');
});

test.each<[string, object, Partial<AutoScalingGroup>, RegExp]>([
  [
    'nothing is in its way',
    owned,
    {},
    /see what Auto Scaling group web-asg does about it: the group replaces its instances itself/,
  ],
  [
    'another process is suspended',
    owned,
    { suspendedProcesses: ['AZRebalance', 'ScheduledActions'] },
    /replaces its instances itself/,
  ],
  ['it was not read', owned, { name: 'other' }, /see what Auto Scaling group web-asg does about it\n/],
  ['terminated, and the group lacks none', ended, {}, /replace what is gone: register running instances with web/],
])('what Auto Scaling does of itself is left to it: %s', (_, ill, group, expected) => {
  const told = readable(cause, { ...ill, autoScalingGroups: [scalingGroup(group)] });
  expect(told).toMatch(expected);
  expect(told).not.toContain('resume-processes');
});

test('says that what is in standby is not replaced', () => {
  const ill = { ...owned, autoScalingInstances: members('Standby'), autoScalingGroups: [scalingGroup()] };
  expect(readable(cause, ill)).toContain(
    'i-1 and i-2 are `Standby` in web-asg, which replaces no instance in that state',
  );
});

test('what is unused for its zone is not left', () => {
  const idle = target('i-3', { state: 'unused', reason: 'Target.NotInUse' });
  expect(readable(cause, { ...both, targetHealth: [...both.targetHealth, idle] })).toMatch(
    /: no target is left in web/,
  );
});

/** Three of a group, of which so many are gone since ten minutes; 502s for two minutes, and 504s of what is left since. */
const gone = (count: number, cpu: number | null, stateSince = '2026-03-10T14:20:00Z') => {
  const ids = ['i-1', 'i-2', 'i-3'];
  const lost = ids.slice(0, count);
  return {
    targetHealth: ids.map((id) => (lost.includes(id) ? unused(id) : target(id))),
    instances: lost.map((id) => stopped(id, { stateSince })),
    instanceMetrics: instanceMetrics(
      cpu === null ? {} : { 'i-2': { CPUUtilization: always(cpu) }, 'i-3': { CPUUtilization: always(cpu) } },
    ),
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_502_Count: newest(60, 60, ...Array(8).fill(0)),
      HTTPCode_ELB_504_Count: newest(0, 0, ...Array(8).fill(30)),
      HTTPCode_ELB_5XX_Count: newest(60, 60, ...Array(8).fill(30)),
      'TargetResponseTime.p50': always(0.1),
    }),
  };
};
const share = (ill: Ill) => diagnose(aSnapshot(ill), [cause]).findings[0]?.share;

test.each([
  ['one of three', gone(1, null), 1 / 3],
  ['two of three, and the last has CPU to spare', gone(2, 30), 1 / 3],
  ['two of three, and the last is at its limit', gone(2, 97), 1],
  ['two of three, and nobody saw the last', gone(2, null), 1],
  ['all of them', gone(3, null), 1],
])('what is unused makes no error later: %s', (_, ill, expected) => {
  expect(share(ill)).toBeCloseTo(expected, 2);
});

test('what was unused before the errors makes none of them', () => {
  expect(deniedBecause(cause, gone(1, null, '2026-03-09T14:20:00Z'))).toBe(
    'i-1 stopped before the errors began: it gets no requests',
  );
});
