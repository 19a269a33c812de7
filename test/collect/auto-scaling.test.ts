import { AutoScalingClient, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { autoScalingInstances } from '../../lambda/collect/auto-scaling-instances.ts';
import { denied, target, unhealthy } from '../support/a-snapshot.ts';
import { accessDenied, read, throttling } from './support.ts';

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
