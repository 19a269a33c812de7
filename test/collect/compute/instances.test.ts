import { DescribeInstanceStatusCommand, DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from 'vitest';
import { instanceStatus } from '../../../lambda/collect/compute/instance-status.ts';
import { instances } from '../../../lambda/collect/compute/instances.ts';

import { target, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { read, refusal } from '../support.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const ill = (id: string) => unhealthy(id, 'Target.Timeout');
const many = (count: number, one: (id: string) => ReturnType<typeof target>, from = 0) =>
  Array.from({ length: count }, (_, n) => one(`i-${(from + n).toString(16).padStart(4, '0')}`));

/** Answers for whatever instances are asked for, but for those that are gone. */
function running(...gone: string[]) {
  ec2.on(DescribeInstancesCommand).callsFake(({ Filters }: { Filters: { Values: string[] }[] }) => ({
    Reservations: [{ Instances: asked(Filters).map((InstanceId) => ({ InstanceId })) }],
  }));
  const asked = (filters: { Values: string[] }[]) => (filters[0]?.Values ?? []).filter((id) => !gone.includes(id));
}

const idsAsked = () =>
  ec2.commandCalls(DescribeInstancesCommand).flatMap(({ args }) => args[0].input.Filters?.[0]?.Values ?? []);

test('a stopped instance', async () => {
  const described: Instance = {
    InstanceId: 'i-1',
    State: { Name: 'stopped', Code: 80 },
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    StateTransitionReason: 'User initiated (2026-03-10 14:22:00 GMT)',
    LaunchTime: new Date('2026-03-03T14:30:00Z'),
    InstanceType: 't3.micro',
    InstanceLifecycle: 'spot',
    Placement: { AvailabilityZone: 'us-east-1a' },
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    PrivateIpAddress: '10.0.10.11',
    SecurityGroups: [{ GroupId: 'sg-1' }],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-2',
        PrivateIpAddress: '10.0.10.99',
        Groups: [{ GroupId: 'sg-2' }],
        Attachment: { DeviceIndex: 1 },
      },
      {
        NetworkInterfaceId: 'eni-1',
        SubnetId: 'subnet-1',
        VpcId: 'vpc-1',
        PrivateIpAddress: '10.0.10.11',
        PrivateIpAddresses: [{ PrivateIpAddress: '10.0.10.12' }, { PrivateIpAddress: '10.0.10.11', Primary: true }],
        Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }],
        Ipv4Prefixes: [{ Ipv4Prefix: '10.0.10.32/28' }],
        Groups: [{ GroupId: 'sg-1' }],
        Attachment: { DeviceIndex: 0 },
      },
    ],
    Tags: [{ Key: 'Name', Value: 'web-1' }],
  };
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [described] }] });
  expect(await read(instances, { targetHealth: [target('i-1')] })).toMatchObject({
    value: [
      {
        id: 'i-1',
        state: 'stopped',
        stateReason: { code: 'Client.UserInitiatedShutdown' },
        stateSince: '2026-03-10T14:22:00Z',
        launchedAt: '2026-03-03T14:30:00Z',
        spot: true,
        primaryAddress: '10.0.10.11',
        primarySecurityGroupIds: ['sg-1'],
        interfaces: [
          {
            id: 'eni-1',
            zone: 'us-east-1a',
            addresses: ['10.0.10.11', '10.0.10.12', '2001:db8::1'],
            prefixes: ['10.0.10.32/28'],
            instanceId: 'i-1',
          },
          { id: 'eni-2' },
        ],
        tags: { Name: 'web-1' },
      },
    ],
    gaps: [],
  });
});

test.each([
  ['', null],
  ['User initiated', null],
  ['Server.SpotInstanceTermination (2026-03-10 14:22:09 UTC)', '2026-03-10T14:22:09Z'],
  ['User initiated (2026-13-40 99:99:99 GMT)', null],
])('the time within "%s"', async (StateTransitionReason, stateSince) => {
  const Instances = [{ InstanceId: 'i-1', StateTransitionReason }];
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances }] });
  expect(await read(instances, { targetHealth: [target('i-1')] })).toMatchObject({ value: [{ stateSince }] });
});

test('an instance that is gone is a gap, and the others are seen', async () => {
  running('i-dead');
  expect(await read(instances, { targetHealth: [ill('i-1'), ill('i-dead')] })).toMatchObject({
    value: [{ id: 'i-1' }],
    gaps: [{ why: 'partial', ids: ['i-dead'], action: 'ec2:DescribeInstances' }],
  });
});

test('asks for instances of both pages', async () => {
  const page = (InstanceId: string) => ({ Reservations: [{ Instances: [{ InstanceId }] }] });
  ec2
    .on(DescribeInstancesCommand)
    .resolves({ ...page('i-1'), NextToken: 't' })
    .on(DescribeInstancesCommand, { NextToken: 't' })
    .resolves({ ...page('i-2'), NextToken: '' });
  expect(await read(instances)).toMatchObject({ value: [{ id: 'i-1' }, { id: 'i-2' }], gaps: [] });
});

test('asks for all that fail and four healthy ones of each group to compare', async () => {
  running();
  const other = many(10, (id) => target(id, { targetGroup: 'other' }), 100);
  const observed = await read(instances, { targetHealth: [...many(10, target), ...many(3, ill, 50), ...other] });
  expect(idsAsked()).toHaveLength(3 + 4 + 4);
  expect(observed).toMatchObject({ gaps: [] });
});

test.each([
  [100, 0],
  [101, 1],
])('of %i that fail, %i are not asked about and said so', async (failing, beyond) => {
  running();
  const observed = await read(instances, { targetHealth: many(failing, ill) });
  expect(idsAsked()).toHaveLength(100);
  expect(observed.seen && observed.gaps.flatMap(({ why, ids = [] }) => ids.map(() => why))).toEqual(
    Array.from({ length: beyond }, () => 'not-asked'),
  );
});

test('asks nothing where no target is an instance', async () => {
  const targetHealth = [target('10.0.0.9'), target('arn:aws:lambda:us-east-1:123456789012:function:f')];
  expect(await read(instances, { targetHealth })).toMatchObject({ seen: true, value: [], gaps: [] });
  expect(await read(instanceStatus, { targetHealth })).toMatchObject({ seen: true, value: [], gaps: [] });
  expect(ec2.calls()).toEqual([]);
});

test('status checks, since when they fail, and planned events', async () => {
  ec2.on(DescribeInstanceStatusCommand, { InstanceIds: ['i-1'], IncludeAllInstances: true }).resolves({
    InstanceStatuses: [
      {
        InstanceId: 'i-1',
        SystemStatus: { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] },
        InstanceStatus: {
          Status: 'impaired',
          Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince: new Date('2026-03-10T14:20:00Z') }],
        },
        Events: [
          {
            Code: 'instance-reboot',
            Description: '[Completed] The instance is scheduled for a reboot',
            NotBefore: new Date('2026-03-10T14:00:00Z'),
          },
        ],
      },
    ],
  });
  expect(await read(instanceStatus, { targetHealth: [target('i-1')] })).toMatchObject({
    value: [
      {
        id: 'i-1',
        system: { status: 'ok', impairedSince: null },
        instance: { status: 'impaired', impairedSince: '2026-03-10T14:20:00Z' },
        attachedEbs: null,
        events: [{ code: 'instance-reboot', notBefore: '2026-03-10T14:00:00Z', notAfter: null }],
      },
    ],
  });
});

test.each([
  ['one', "The instance ID 'i-dead' does not exist", ['i-dead'], [['i-1', 'i-dead'], ['i-1']]],
  ['all', "The instance IDs 'i-1, i-dead' do not exist", ['i-1', 'i-dead'], [['i-1', 'i-dead']]],
])('where %s of the instances asked about is gone, asks again for the rest', async (_, message, missing, asked) => {
  ec2
    .on(DescribeInstanceStatusCommand)
    .rejects(refusal('InvalidInstanceID.NotFound', message))
    .on(DescribeInstanceStatusCommand, { InstanceIds: ['i-1'] })
    .resolves({ InstanceStatuses: [{ InstanceId: 'i-1' }] });
  expect(await read(instanceStatus, { targetHealth: [ill('i-1'), ill('i-dead')] })).toMatchObject({
    seen: true,
    gaps: [{ why: 'partial', ids: missing }],
  });
  expect(ec2.commandCalls(DescribeInstanceStatusCommand).map(({ args }) => args[0].input.InstanceIds)).toEqual(asked);
});

test('a refusal that names no instance is not asked again', async () => {
  ec2.on(DescribeInstanceStatusCommand).rejects(refusal('InvalidInstanceID.NotFound', 'not found'));
  await expect(read(instanceStatus)).rejects.toThrow('InvalidInstanceID.NotFound');
  expect(ec2.calls()).toHaveLength(1);
});

test('asks for a hundred statuses a call', async () => {
  ec2.on(DescribeInstanceStatusCommand).resolves({ InstanceStatuses: [] });
  await read(instanceStatus, { targetHealth: [...many(99, ill), ...many(2, target, 900)] });
  expect(
    ec2
      .calls()
      .map(({ args }) => args[0].input)
      .map((input) => 'InstanceIds' in input && input.InstanceIds),
  ).toEqual([expect.objectContaining({ length: 100 }), expect.objectContaining({ length: 1 })]);
});
