import {
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from 'vitest';

import { loadBalancerInterfaces } from '../../../lambda/collect/network/load-balancer-interfaces.ts';
import { networkAcls } from '../../../lambda/collect/network/network-acls.ts';
import { securityGroups } from '../../../lambda/collect/network/security-groups.ts';
import { subnets } from '../../../lambda/collect/network/subnets.ts';
import { targetInterfaces } from '../../../lambda/collect/network/target-interfaces.ts';
import { LB, target, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, read, refusal } from '../support.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const ill = (id: string) => unhealthy(id, 'Target.Timeout');

test("the load balancer's own interfaces, hidden ones too", async () => {
  ec2
    .on(DescribeNetworkInterfacesCommand, {
      Filters: [{ Name: 'description', Values: ['ELB app/web/50dc6c495c0c9188'] }],
      IncludeManagedResources: true,
    })
    .resolves({
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-1',
          Description: 'ELB app/web/50dc6c495c0c9188',
          Groups: [{ GroupId: 'sg-1', GroupName: 'alb' }],
          PrivateIpAddress: '10.0.2.91',
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: '10.0.2.91' }],
          Attachment: { InstanceOwnerId: 'amazon-elb' },
          SubnetId: 'subnet-1',
          VpcId: 'vpc-1',
          AvailabilityZone: 'us-east-1a',
          TagSet: [
            { Key: 'aws:ecs:serviceName', Value: 'web' },
            { Key: 'password', Value: 'hunter2' },
          ],
        },
      ],
    });
  expect(await read(loadBalancerInterfaces)).toMatchObject({
    value: [
      {
        id: 'eni-1',
        addresses: ['10.0.2.91'],
        securityGroupIds: ['sg-1'],
        instanceId: null,
        zone: 'us-east-1a',
        tags: { 'aws:ecs:serviceName': 'web' },
      },
    ],
    gaps: [],
  });
});

test('no interface of the load balancer is one that is hidden, not one that does not exist', async () => {
  ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  expect(await read(loadBalancerInterfaces)).toMatchObject({ value: [], gaps: [{ why: 'partial', ids: [LB] }] });
});

test('interfaces by the addresses of targets, of either family, within the VPC', async () => {
  ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [
      { NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.9', Ipv6Addresses: [{ Ipv6Address: '2001:db8::9' }] },
    ],
  });
  const targetHealth = [
    target('10.0.0.9'),
    target('2001:db8::9'),
    ill('10.0.0.10'),
    target('192.168.7.7', { zone: 'all' }),
    target('i-1'),
  ];
  expect(await read(targetInterfaces, { targetHealth })).toMatchObject({
    value: [{ id: 'eni-1' }],
    gaps: [{ why: 'partial', ids: ['10.0.0.10'] }],
  });
  const vpc = { Name: 'vpc-id', Values: ['vpc-1'] };
  expect(ec2.commandCalls(DescribeNetworkInterfacesCommand).map(({ args }) => args[0].input.Filters)).toEqual([
    [{ Name: 'addresses.private-ip-address', Values: ['10.0.0.10', '10.0.0.9'] }, vpc],
    [{ Name: 'ipv6-addresses.ipv6-address', Values: ['2001:db8::9'] }, vpc],
    [vpc, { Name: 'availability-zone', Values: ['us-east-1a'] }],
  ]);
});

describe('an address that no filter finds', () => {
  const node = (ill: object) => ({
    NetworkInterfaceId: 'eni-node',
    VpcId: 'vpc-1',
    PrivateIpAddress: '10.0.8.5',
    ...ill,
  });
  const zone = { Name: 'availability-zone', Values: ['us-east-1a'] };
  const scans = () =>
    ec2
      .commandCalls(DescribeNetworkInterfacesCommand)
      .filter(({ args }) => args[0].input.Filters?.some(({ Name }) => Name === 'availability-zone'));
  beforeEach(() => {
    ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  });

  test.each([
    ['an IPv4 prefix', '10.0.8.19', { Ipv4Prefixes: [{ Ipv4Prefix: '10.0.8.16/28' }] }],
    ['an IPv6 prefix', '2001:db8:1::7', { Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:1::/80' }] }],
  ])('is that of a pod, in %s of a node', async (_, address, prefix) => {
    ec2
      .on(DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }, zone] })
      .resolves({ NetworkInterfaces: [node({ NetworkInterfaceId: 'eni-other' }), node(prefix)] });
    expect(await read(targetInterfaces, { targetHealth: [ill(address)] })).toMatchObject({
      value: [{ id: 'eni-node' }],
      gaps: [],
    });
  });

  test('is held by nobody where every interface of its zone was read', async () => {
    ec2
      .on(DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }, zone] })
      .resolves({ NetworkInterfaces: [node({ Ipv4Prefixes: [{ Ipv4Prefix: '10.0.8.16/28' }] })] });
    expect(await read(targetInterfaces, { targetHealth: [ill('10.0.8.32')] })).toMatchObject({
      value: [],
      gaps: [{ why: 'partial', ids: ['10.0.8.32'], detail: expect.stringContaining('no network interface') }],
    });
  });

  test('is unknown where there are more interfaces than are read', async () => {
    const tokens = ['one', 'two', 'three', 'four', 'five'];
    ec2
      .on(DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }, zone] })
      .callsFake(() => ({ NetworkInterfaces: [], NextToken: tokens.shift() }));
    expect(await read(targetInterfaces, { targetHealth: [ill('10.0.8.32')] })).toMatchObject({
      gaps: [{ why: 'not-asked', ids: ['10.0.8.32'] }],
    });
    expect(scans()).toHaveLength(4);
  });

  test('is unknown where reading them all is denied', async () => {
    ec2
      .on(DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }, zone] })
      .rejects(refusal('UnauthorizedOperation', '', 403));
    expect(await read(targetInterfaces, { targetHealth: [ill('10.0.8.32')] })).toMatchObject({
      seen: true,
      gaps: [{ why: 'denied', ids: ['10.0.8.32'] }],
    });
  });

  test('is not looked for where the target is draining: its pod may well be gone', async () => {
    await read(targetInterfaces, { targetHealth: [target('10.0.8.32', { state: 'draining' })] });
    expect(scans()).toEqual([]);
  });

  test('is looked for in all zones where that of the target is not known', async () => {
    await read(targetInterfaces, { targetHealth: [unhealthy('10.0.8.32', 'Target.Timeout', { zone: null })] });
    const [, scan] = ec2.commandCalls(DescribeNetworkInterfacesCommand);
    expect(scan?.args[0].input.Filters).toEqual([{ Name: 'vpc-id', Values: ['vpc-1'] }]);
  });
});

test('security groups of the VPC, every kind of peer', async () => {
  ec2.on(DescribeSecurityGroupsCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }).resolves({
    SecurityGroups: [
      {
        GroupId: 'sg-alb',
        GroupName: 'alb',
        VpcId: 'vpc-1',
        OwnerId: '123456789012',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 80,
            ToPort: 443,
            IpRanges: [{ CidrIp: '10.0.0.0/8' }],
            Ipv6Ranges: [{ CidrIpv6: '::/0' }],
            PrefixListIds: [{ PrefixListId: 'pl-1' }],
            UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '210987654321' }, { GroupId: 'sg-3' }],
          },
        ],
        IpPermissionsEgress: [{ IpProtocol: '-1' }],
      },
    ],
  });
  const none = { cidrs: [], prefixListIds: [], groups: [] };
  expect(await read(securityGroups)).toMatchObject({
    value: [
      {
        id: 'sg-alb',
        ingress: [
          {
            protocol: 'tcp',
            fromPort: 80,
            toPort: 443,
            cidrs: ['10.0.0.0/8', '::/0'],
            prefixListIds: ['pl-1'],
            groups: [
              { groupId: 'sg-2', ownerId: '210987654321' },
              { groupId: 'sg-3', ownerId: null },
            ],
          },
        ],
        egress: [{ protocol: '-1', fromPort: null, toPort: null, ...none }],
      },
    ],
    gaps: [],
  });
});

test("the load balancer's own group missing is a gap", async () => {
  ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [{ GroupId: 'sg-other' }] });
  expect(await read(securityGroups)).toMatchObject({ value: [{}], gaps: [{ why: 'partial', ids: ['sg-alb'] }] });
});

test('a second page of groups that is refused leaves a gap without ids', async () => {
  ec2
    .on(DescribeSecurityGroupsCommand)
    .resolves({ SecurityGroups: [{ GroupId: 'sg-alb' }], NextToken: 't' })
    .on(DescribeSecurityGroupsCommand, { NextToken: 't' })
    .rejects(accessDenied);
  const observed = await read(securityGroups);
  expect(observed).toMatchObject({ seen: true, value: [{ id: 'sg-alb' }], gaps: [{ why: 'denied' }] });
  expect(observed.seen && observed.gaps[0]).not.toHaveProperty('ids');
});

test('network ACLs, both families and directions', async () => {
  ec2.on(DescribeNetworkAclsCommand).resolves({
    NetworkAcls: [
      {
        NetworkAclId: 'acl-1',
        IsDefault: true,
        Associations: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
        Entries: [
          {
            RuleNumber: 100,
            Egress: false,
            RuleAction: 'allow',
            Protocol: '6',
            CidrBlock: '10.0.0.0/16',
            PortRange: { From: 80, To: 81 },
          },
          { RuleNumber: 32768, Egress: true, RuleAction: 'deny', Protocol: '-1', Ipv6CidrBlock: '::/0' },
        ],
      },
    ],
  });
  expect(await read(networkAcls)).toMatchObject({
    value: [
      {
        id: 'acl-1',
        isDefault: true,
        subnetIds: ['subnet-1', 'subnet-2'],
        entries: [
          {
            ruleNumber: 100,
            egress: false,
            action: 'allow',
            protocol: '6',
            cidr: '10.0.0.0/16',
            fromPort: 80,
            toPort: 81,
          },
          {
            ruleNumber: 32768,
            egress: true,
            action: 'deny',
            protocol: '-1',
            cidr: '::/0',
            fromPort: null,
            toPort: null,
          },
        ],
      },
    ],
  });
});

test('subnets, and those of the load balancer that do not come back', async () => {
  ec2.on(DescribeSubnetsCommand).resolves({
    Subnets: [
      {
        SubnetId: 'subnet-public-a',
        VpcId: 'vpc-1',
        AvailabilityZone: 'us-east-1a',
        CidrBlock: '10.0.0.0/24',
        AvailableIpAddressCount: 0,
        Ipv6CidrBlockAssociationSet: [
          { Ipv6CidrBlock: '2001:db8::/64', Ipv6CidrBlockState: { State: 'associated' } },
          { Ipv6CidrBlock: '2001:db9::/64', Ipv6CidrBlockState: { State: 'disassociated' } },
        ],
      },
    ],
  });
  expect(await read(subnets)).toMatchObject({
    value: [
      {
        id: 'subnet-public-a',
        vpcId: 'vpc-1',
        zone: 'us-east-1a',
        cidr: '10.0.0.0/24',
        ipv6Cidrs: ['2001:db8::/64'],
        availableAddresses: 0,
      },
    ],
    gaps: [{ why: 'partial', ids: ['subnet-public-b'] }],
  });
});

test('what kind of thing an interface is, and who asked for it', async () => {
  ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        PrivateIpAddress: '10.0.0.9',
        InterfaceType: 'interface',
        RequesterId: 'amazon-rds',
      },
    ],
  });
  expect(await read(targetInterfaces, { targetHealth: [target('10.0.0.9')] })).toMatchObject({
    value: [{ type: 'interface', requesterId: 'amazon-rds' }],
  });
});
