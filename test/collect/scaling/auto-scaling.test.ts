import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import { beforeEach, describe, expect, test } from 'vitest';
import { autoScalingGroups } from '../../../lambda/collect/scaling/auto-scaling-groups.ts';
import { autoScalingInstances } from '../../../lambda/collect/scaling/auto-scaling-instances.ts';
import { denied, type Ill, TG, target, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, read, throttling } from '../support.ts';

const autoScaling = mockClient(AutoScalingClient);
beforeEach(() => autoScaling.reset());

const member = (id: string) => ({
  InstanceId: id,
  InstanceType: 't3.micro',
  AutoScalingGroupName: 'web-asg',
  AvailabilityZone: 'us-east-1a',
  LifecycleState: 'InService',
  HealthStatus: 'HEALTHY',
  ProtectedFromScaleIn: false,
});

test('an instance that is not listed belongs to no group, and is no gap', async () => {
  autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [member('i-1')] });
  expect(await read(autoScalingInstances)).toMatchObject({
    seen: true,
    value: [{ instanceId: 'i-1', group: 'web-asg', lifecycleState: 'InService', healthStatus: 'HEALTHY' }],
    gaps: [],
  });
});

test('a second page is read', async () => {
  autoScaling
    .on(DescribeAutoScalingInstancesCommand)
    .resolves({ AutoScalingInstances: [member('i-1')], NextToken: 'more' })
    .on(DescribeAutoScalingInstancesCommand, { NextToken: 'more' })
    .resolves({ AutoScalingInstances: [member('i-2')] });
  expect(await read(autoScalingInstances)).toMatchObject({ value: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] });
});

test('asks for at most fifty at a time', async () => {
  autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({});
  const targetHealth = Array.from({ length: 51 }, (_, n) => unhealthy(`i-${n}`, 'Target.Timeout'));
  await read(autoScalingInstances, { targetHealth });
  const sizes = autoScaling
    .commandCalls(DescribeAutoScalingInstancesCommand)
    .map(({ args }) => args[0].input.InstanceIds?.length);
  expect(sizes).toEqual([50, 1]);
});

test('asks nothing where no target is an instance', async () => {
  expect(await read(autoScalingInstances, { targetHealth: [target('10.0.10.5')] })).toMatchObject({
    seen: true,
    value: [],
  });
  expect(autoScaling.calls()).toHaveLength(0);
});

test.each([
  ['denied', accessDenied],
  ['throttled', throttling],
])('%s is unseen, not an empty list', async (why, error) => {
  autoScaling.onAnyCommand().rejects(error);
  await expect(read(autoScalingInstances)).rejects.toMatchObject({
    why,
    action: 'autoscaling:DescribeAutoScalingInstances',
  });
});

test('without the targets there is nothing to ask about', async () => {
  expect(await read(autoScalingInstances, { targetHealth: denied() })).toMatchObject({ seen: false, why: 'denied' });
});

describe('the groups themselves', () => {
  const described = (name: string, more = {}) => ({
    ...{ AutoScalingGroupName: name, MinSize: 1, MaxSize: 4, DesiredCapacity: 2, DefaultCooldown: 300 },
    ...{ AvailabilityZones: [], HealthCheckType: 'EC2,ELB', HealthCheckGracePeriod: 60, CreatedTime: new Date() },
    SuspendedProcesses: [{ ProcessName: 'AddToLoadBalancer' }],
    TargetGroupARNs: [TG],
    ...more,
  });
  const activity = (at: string, Cause = 'a user request') => ({
    ...{ ActivityId: at, AutoScalingGroupName: 'web-asg', Description: 'Terminating EC2 instance: i-9', Cause },
    ...{ StartTime: new Date(at), StatusCode: 'Successful' as const },
  });
  const owned: Ill = {
    autoScalingInstances: [
      { instanceId: 'i-1', group: 'web-asg', lifecycleState: 'InService', healthStatus: 'HEALTHY' },
    ],
  };
  function answer(groups: ReturnType<typeof described>[], activities: ReturnType<typeof activity>[] = []) {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: groups });
    autoScaling.on(DescribeScalingActivitiesCommand).resolves({ Activities: activities });
    autoScaling.on(DescribeInstanceRefreshesCommand).resolves({
      InstanceRefreshes: [{ InstanceRefreshId: 'r-1', Status: 'Failed', StatusReason: 'unhealthy' }],
    });
  }

  test('are read with what they did in the last three hours, oldest first', async () => {
    answer(
      [described('web-asg')],
      [activity('2026-03-10T14:20:00Z'), activity('2026-03-10T11:30:00Z'), activity('2026-03-10T11:29:59Z')],
    );
    expect(await read(autoScalingGroups, owned)).toMatchObject({
      value: [
        {
          ...{ name: 'web-asg', min: 1, max: 4, desired: 2, healthCheckTypes: ['EC2', 'ELB'], gracePeriod: 60 },
          ...{ suspendedProcesses: ['AddToLoadBalancer'], targetGroups: [TG], refreshes: [] },
          activities: [{ at: '2026-03-10T11:30:00Z' }, { at: '2026-03-10T14:20:00Z', status: 'Successful' }],
        },
      ],
      gaps: [],
    });
    expect(autoScaling.commandCalls(DescribeInstanceRefreshesCommand)).toHaveLength(0);
  });

  test.each([
    ['six weeks', '2026-04-21T14:30:00Z', []],
    ['a second more', '2026-04-21T14:30:01Z', [{ why: 'not-asked', detail: expect.stringContaining('six weeks') }]],
  ])('have done nothing that is known %s after the moment that is judged', async (_, now, gaps) => {
    answer([described('web-asg')], []);
    const aws = { ...anAws(), readAt: () => now };
    expect(await read(autoScalingGroups, owned, aws)).toMatchObject({ seen: true, gaps });
  });

  test('an instance refresh is read where an activity names one', async () => {
    answer([described('web-asg')], [activity('2026-03-10T14:20:00Z', 'in response to an instance refresh')]);
    expect(await read(autoScalingGroups, owned)).toMatchObject({
      value: [{ refreshes: [{ id: 'r-1', status: 'Failed', reason: 'unhealthy' }] }],
    });
  });

  test('one that was scaled to nothing is found by the target group that it serves', async () => {
    answer([described('other', { TargetGroupARNs: [] }), described('web-asg', { DesiredCapacity: 0 })]);
    expect(await read(autoScalingGroups, { targetHealth: [] })).toMatchObject({
      value: [{ name: 'web-asg', desired: 0 }],
    });
  });

  test('one that serves a target group as a traffic source is found as well', async () => {
    const TrafficSources = [
      { Identifier: TG, Type: 'elbv2' },
      { Identifier: 'my-classic', Type: 'elb' },
    ];
    answer([described('web-asg', { TargetGroupARNs: [], TrafficSources, DesiredCapacity: 0 })]);
    expect(await read(autoScalingGroups, { targetHealth: [] })).toMatchObject({ value: [{ targetGroups: [TG] }] });
  });

  test('how far an instance refresh is', async () => {
    answer([described('web-asg')], [activity('2026-03-10T14:20:00Z', 'in response to an instance refresh')]);
    autoScaling
      .on(DescribeInstanceRefreshesCommand)
      .resolves({ InstanceRefreshes: [{ Status: 'InProgress', PercentageComplete: 50 }] });
    expect(await read(autoScalingGroups, owned)).toMatchObject({ value: [{ refreshes: [{ percentage: 50 }] }] });
  });

  test('a group without its history is seen, and the history is a gap', async () => {
    answer([described('web-asg')]);
    autoScaling.on(DescribeScalingActivitiesCommand).rejects(accessDenied);
    expect(await read(autoScalingGroups, owned)).toMatchObject({
      value: [{ name: 'web-asg', activities: [] }],
      gaps: [{ why: 'denied', action: 'autoscaling:DescribeScalingActivities', ids: ['web-asg'] }],
    });
  });

  test('a group that does not come back is a gap', async () => {
    answer([]);
    expect(await read(autoScalingGroups, owned)).toMatchObject({ gaps: [{ why: 'partial', ids: ['web-asg'] }] });
  });

  test('no group, nothing to ask', async () => {
    expect(await read(autoScalingGroups)).toMatchObject({ seen: true, value: [], gaps: [] });
    expect(autoScaling.calls()).toHaveLength(0);
  });
});
