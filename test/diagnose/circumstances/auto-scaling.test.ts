import { describe, expect, test } from 'vitest';
import { autoScalingCircumstances } from '../../../lambda/diagnose/circumstances/auto-scaling.ts';
import type { AutoScalingGroup } from '../../../lambda/incident/evidence.ts';
import { aSnapshot, denied, type Ill, partly, TG, target, unhealthy } from '../../support/a-snapshot.ts';
import { activity, launch, launchFailed, member, scalingGroup, shrunk } from '../../support/auto-scaling.ts';
import { plain } from '../../support/judged.ts';

const told = (group: Partial<AutoScalingGroup>, ill: Ill = {}) =>
  autoScalingCircumstances(aSnapshot({ autoScalingGroups: [scalingGroup(group)], ...ill })).map(({ shows }) =>
    plain(shows),
  );

const failing: Ill = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] };
const refresh = { id: 'r-1', reason: null, startedAt: '2026-03-10T14:10:00Z', endedAt: null };
const NO_CAPACITY =
  'We currently do not have sufficient t3.large capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity.';

test.each<[string, Partial<AutoScalingGroup>, Ill, string]>([
  [
    'what keeps it whole is suspended',
    { suspendedProcesses: ['ReplaceUnhealthy', 'Launch', 'AZRebalance'] },
    {},
    'Auto Scaling group web-asg does only part of its work: `Launch` and `ReplaceUnhealthy` are suspended',
  ],
  [
    'new instances are not registered',
    { suspendedProcesses: ['AddToLoadBalancer'], instances: [member('i-1'), member('i-8')] },
    {},
    'Auto Scaling group web-asg does only part of its work: `AddToLoadBalancer` is suspended; 1 instance in service is not registered with web',
  ],
  [
    'it does not look at the checks that fail',
    { healthCheckTypes: ['EC2'] },
    failing,
    'Auto Scaling group web-asg does not replace targets that fail their health checks: its health check type is `EC2`',
  ],
  [
    'a lifecycle hook holds an instance back',
    { instances: [member('i-1'), member('i-8', 'Pending:Wait')], activities: [launch('14:05', 'i-8')] },
    {},
    'a lifecycle hook of Auto Scaling group web-asg holds i-8 in `Pending:Wait` since 14:05: they get no requests until it completes',
  ],
  [
    'it cannot launch',
    { activities: [launchFailed('14:00', NO_CAPACITY), launchFailed('14:10', NO_CAPACITY)] },
    {},
    'Auto Scaling group web-asg could not launch an instance, 2 times since 14:00: "We currently do not have sufficient t3.large capacity in the Availability Zone you requested (us-east-1a)"',
  ],
  [
    'an instance refresh is under way',
    { refreshes: [{ ...refresh, status: 'InProgress', percentage: 50 }] },
    {},
    'an instance refresh of Auto Scaling group web-asg has been `InProgress` since 14:10, 50 % done',
  ],
  [
    'an instance refresh failed lately',
    { refreshes: [{ ...refresh, status: 'Failed', reason: 'Too many failed.', endedAt: '2026-03-10T14:20:00Z' }] },
    {},
    'an instance refresh of Auto Scaling group web-asg, begun at 14:10, is `Failed`: "Too many failed"',
  ],
  [
    'a schedule made it smaller',
    { activities: [shrunk('14:00', 'a scheduled action update of AutoScalingGroup constraints', 6, 2)] },
    {},
    'Auto Scaling group web-asg was scaled in at 14:00, from 6 to 2 instances: "a scheduled action update of AutoScalingGroup constraints changing the desired capacity from 6 to 2"',
  ],
])('%s', (_, group, ill, expected) => {
  expect(told(group, ill)).toEqual([expected]);
});

describe('nothing to tell', () => {
  test.each<[string, Partial<AutoScalingGroup>, Ill]>([
    ['all is well', {}, {}],
    ['what is suspended keeps no group whole', { suspendedProcesses: ['AZRebalance', 'ScheduledActions'] }, {}],
    ['type EC2, and no target fails', { healthCheckTypes: ['EC2'] }, {}],
    ['type EC2, and what fails is no member', { healthCheckTypes: ['EC2'], instances: [member('i-2')] }, failing],
    ['type ELB, and a member fails', {}, failing],
    ['a launch worked since', { activities: [launchFailed('14:00', NO_CAPACITY), launch('14:10', 'i-8')] }, {}],
    ['launches failed more than an hour ago', { activities: [launchFailed('13:29', NO_CAPACITY)] }, {}],
    [
      'a refresh that is over for long',
      { refreshes: [{ ...refresh, status: 'Successful', endedAt: '2026-03-10T13:29:00Z' }] },
      {},
    ],
    ['a policy breathes', { activities: [shrunk('14:00', 'a monitor alarm in state ALARM', 4, 3)] }, {}],
    ['it grew', { activities: [shrunk('14:00', 'a user request', 1, 4)] }, {}],
    ['its group holds no target', { suspendedProcesses: ['Launch'] }, { targetHealth: [] }],
    ['its group gets no requests', { suspendedProcesses: ['Launch'], targetGroups: ['other'] }, {}],
    [
      'the health of its group was not read',
      { suspendedProcesses: ['Launch'] },
      { targetHealth: partly([target('i-1')], { why: 'throttled', detail: '', ids: [TG] }) },
    ],
    ['an ended activity', { activities: [activity('14:00', 'Terminating EC2 instance: i-7')] }, {}],
  ])('%s', (_, group, ill) => {
    expect(told(group, ill)).toEqual([]);
  });

  test('an instance refresh is told of an empty group, too', () => {
    const group = { refreshes: [{ ...refresh, status: 'InProgress' }], suspendedProcesses: ['Launch'] };
    expect(told(group, { targetHealth: [] })).toEqual([
      'an instance refresh of Auto Scaling group web-asg has been `InProgress` since 14:10',
    ]);
  });

  test('Auto Scaling was not seen', () => {
    expect(autoScalingCircumstances(aSnapshot({ autoScalingGroups: denied() }))).toEqual([]);
  });
});
