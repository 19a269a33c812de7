import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/zone-not-enabled/cause.ts';
import {
  denied,
  groupMetrics,
  instance,
  LB,
  lately,
  metrics,
  newest,
  partly,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { scalingGroup, shrunk } from '../../support/auto-scaling.ts';
import { deniedBecause, outcome, readable } from '../../support/judged.ts';

const ZONE = 'Target is in an Availability Zone that is not enabled for the load balancer';
const GROUP = 'Target group is not configured to receive traffic from the load balancer';
const outside = (id: string, ill = {}) =>
  target(id, { state: 'unused', reason: 'Target.NotInUse', description: ZONE, zone: 'us-east-1c', ...ill });
const off = (id: string, ill = {}) =>
  outside(id, { reason: 'Target.InvalidState', description: 'Target is in the stopped state', ...ill });
const all = { targetHealth: [outside('i-1'), outside('i-2')] };
const errors = metrics({ HTTPCode_ELB_503_Count: lately(9, 120), HTTPCode_ELB_5XX_Count: lately(9, 120) });

test.each([
  ['all targets, by what AWS says', all, 'found decisive'],
  [
    'AWS gives no description, and the zone is not enabled',
    { targetHealth: [outside('i-1', { description: null })] },
    'found decisive',
  ],
  [
    'AWS gives neither zone nor description, and the instance runs in a zone that is not enabled',
    {
      targetHealth: [outside('i-1', { description: null, zone: null })],
      instances: [instance('i-1', { zone: 'us-east-1c' })],
    },
    'found decisive',
  ],
  [
    'the instance runs in a zone that is enabled',
    {
      targetHealth: [outside('i-1', { description: null, zone: null })],
      instances: [instance('i-1', { zone: 'us-east-1a' })],
    },
    'ruled-out',
  ],
  ['one of two, the other serves', { targetHealth: [outside('i-1'), target('i-2')] }, 'found circumstantial'],
  [
    'one of two, the other fails and is sent requests all the same',
    { targetHealth: [outside('i-1'), target('i-2', { state: 'unhealthy' })] },
    'found circumstantial',
  ],
  [
    'one of two, the other drains',
    { targetHealth: [outside('i-1'), target('i-2', { state: 'draining' })] },
    'found decisive',
  ],
  ['the group is in no rule: AWS says so', { targetHealth: [outside('i-1', { description: GROUP })] }, 'ruled-out'],
  [
    'an address outside the VPC',
    { targetHealth: [outside('192.168.1.5', { zone: 'all', description: null })] },
    'ruled-out',
  ],
  ['a group that gets no requests', { ...all, listenerRules: [] }, 'ruled-out'],
  ['rules unseen: any group may get requests', { ...all, listenerRules: denied() }, 'found decisive'],
  [
    'a target that AWS calls healthy, whatever its zone',
    { targetHealth: [target('i-1', { zone: 'us-east-1c' })] },
    'ruled-out',
  ],
  ['all are off there, and would get nothing if they were on', { targetHealth: [off('i-1')] }, 'found circumstantial'],
  [
    'all are off, one in a zone that is enabled',
    { targetHealth: [off('i-1'), off('i-2', { zone: 'us-east-1b' })] },
    'ruled-out',
  ],
  ['one is off there, the other serves', { targetHealth: [off('i-1'), target('i-2')] }, 'ruled-out'],
  ['off, in a zone that nobody knows', { targetHealth: [off('i-9', { zone: null })] }, 'ruled-out'],
  ['all is well', {}, 'ruled-out'],
  ['health denied', { targetHealth: denied() }, 'undetermined'],
  [
    'the health of this very group was not read whole',
    { targetHealth: partly(all.targetHealth, { why: 'throttled', detail: 'x', ids: [TG] }) },
    'found circumstantial',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which zone, which ones are enabled, and where to look for a subnet', () => {
  expect(readable(cause, { ...all, loadBalancerMetrics: errors })).toMatchInlineSnapshot(`
    "All targets of web are in \`us-east-1c\`, which is not enabled for the load balancer [decisive]
      because  i-1 is \`unused\`: \`Target.NotInUse\`, "Target is in an Availability Zone that is not enabled for the load balancer"; the same for 1 more target   [targetHealth]
      because  the load balancer has subnets only in \`us-east-1a\` and \`us-east-1b\`   [loadBalancer]
      fix      enable the zone: name its subnet along with subnet-public-a and subnet-public-b in \`aws elbv2 set-subnets\`; or register targets in the enabled zones
         undo  aws elbv2 set-subnets --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --subnets subnet-public-a subnet-public-b --region us-east-1
      look     see which subnets there are in \`us-east-1c\`
               aws ec2 describe-subnets --filters Name=vpc-id,Values=vpc-1 Name=availability-zone,Values=us-east-1c --region us-east-1"
  `);
});

test('says who owns the load balancer that would be changed', () => {
  const tags = { [LB]: { 'aws:cloudformation:stack-name': 'web' } };
  expect(readable(cause, { ...all, tags, loadBalancerMetrics: errors })).toContain(
    'managed by CloudFormation stack web',
  );
});

const stopped = (id: string, ill = {}) =>
  instance(id, { state: 'stopped', stateSince: '2026-03-10T14:21:00Z', ...ill });
const down = (id: string) => off(id, { zone: 'us-east-1a' });
const served = (before: number) => ({
  loadBalancerMetrics: errors,
  targetGroupMetrics: groupMetrics({
    [TG]: { 'HealthyHostCount.min': newest(...Array(171).fill(before), ...Array(9).fill(0)) },
  }),
});
const others = {
  targetHealth: [down('i-1'), down('i-2'), outside('i-3')],
  instances: [stopped('i-1'), stopped('i-2')],
};

test.each([
  ['as many served before as the others are', { ...others, ...served(2) }, 'ruled-out'],
  ['one more served', { ...others, ...served(3) }, 'found decisive'],
  [
    'as many, and one of the others was off long before',
    { ...others, ...served(2), instances: [stopped('i-1'), stopped('i-2', { stateSince: '2026-03-08T14:21:00Z' })] },
    'found decisive',
  ],
  [
    'nobody counted',
    { ...others, loadBalancerMetrics: errors, targetGroupMetrics: groupMetrics({}) },
    'found circumstantial',
  ],
  ['none served', { ...others, ...served(0) }, 'found circumstantial'],
  [
    'it is the only one left, and another came for what served',
    { targetHealth: [outside('i-3')], ...served(2) },
    'found decisive',
  ],
])('idle for its zone beside what is off: %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test.each([
  [
    'a person scaled those in that served',
    'a user request update of AutoScalingGroup constraints to min: 0,',
    'ruled-out',
  ],
  ['they were replaced by it', 'an instance refresh', 'found decisive'],
])('the only one left is idle for its zone: %s', (_, who, expected) => {
  const activities = [shrunk('14:21', who, 2, 0), shrunk('14:21', who, 2, 0)];
  const autoScalingGroups = [scalingGroup({ desired: 0, instances: [], activities })];
  expect(outcome(cause, { targetHealth: [outside('i-3')], ...served(2), autoScalingGroups })).toBe(expected);
});

test('never says of one of three that it is all of them, nor that none is idle', () => {
  expect(readable(cause, { ...others, ...served(3) })).toMatch(/^1 target of web is in `us-east-1c`/);
  expect(deniedBecause(cause, { ...others, ...served(2) })).toBe(
    'targets that are `unused` because of their zone were so before the errors, while others served: i-3',
  );
});
