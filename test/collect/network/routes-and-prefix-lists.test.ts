import {
  type Route as DescribedRoute,
  DescribeRouteTablesCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from 'vitest';
import { prefixLists } from '../../../lambda/collect/network/prefix-lists.ts';
import { routeTables } from '../../../lambda/collect/network/route-tables.ts';
import { denied, type Ill, ingress, route, routeTable, securityGroup, target } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, read, refusal } from '../support.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const local: DescribedRoute = {
  DestinationCidrBlock: '10.0.0.0/16',
  GatewayId: 'local',
  Origin: 'CreateRouteTable',
  State: 'active',
};

test('the route tables of the VPC: whose they are, and where they lead', async () => {
  ec2
    .on(DescribeRouteTablesCommand, { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }], MaxResults: 100 })
    .resolves({
      RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ Main: true }], Routes: [local] }],
      NextToken: 'next',
    })
    .on(DescribeRouteTablesCommand, { NextToken: 'next' })
    .resolves({
      RouteTables: [
        {
          RouteTableId: 'rtb-2',
          VpcId: 'vpc-1',
          Associations: [
            { SubnetId: 'subnet-a', AssociationState: { State: 'associated' } },
            { SubnetId: 'subnet-b', AssociationState: { State: 'failed' } },
            { GatewayId: 'igw-1' },
          ],
          Routes: [local, { DestinationCidrBlock: '172.16.0.0/12', State: 'filtered', TransitGatewayId: 'tgw-1' }],
          Tags: [{ Key: 'Name', Value: 'public' }],
        },
      ],
      NextToken: '',
    });
  const kept = { destination: '10.0.0.0/16', target: { kind: 'local', id: 'local' }, state: 'active' };
  expect(await read(routeTables)).toMatchObject({
    gaps: [],
    value: [
      { id: 'rtb-1', vpcId: 'vpc-1', isMain: true, subnetIds: [], routes: [kept], tags: {} },
      { id: 'rtb-2', isMain: false, subnetIds: ['subnet-a'], routes: [kept], tags: { Name: 'public' } },
    ],
  });
});

const anywhere = { DestinationCidrBlock: '0.0.0.0/0' };
test.each<[string, DescribedRoute, string, string, string]>([
  ['an internet gateway', { ...anywhere, GatewayId: 'igw-1' }, '0.0.0.0/0', 'internet-gateway', 'igw-1'],
  ['a VPN gateway', { ...anywhere, GatewayId: 'vgw-1' }, '0.0.0.0/0', 'gateway', 'vgw-1'],
  ['an endpoint', { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1' }, 'pl-1', 'gateway', 'vpce-1'],
  ['a NAT gateway', { ...anywhere, NatGatewayId: 'nat-1' }, '0.0.0.0/0', 'nat', 'nat-1'],
  ['a peering', { ...anywhere, VpcPeeringConnectionId: 'pcx-1' }, '0.0.0.0/0', 'peering', 'pcx-1'],
  ['a transit gateway', { ...anywhere, TransitGatewayId: 'tgw-1' }, '0.0.0.0/0', 'transit-gateway', 'tgw-1'],
  [
    'an appliance, by its interface',
    { ...anywhere, InstanceId: 'i-9', NetworkInterfaceId: 'eni-9' },
    '0.0.0.0/0',
    'network-interface',
    'eni-9',
  ],
  ['an instance that is gone', { ...anywhere, InstanceId: 'i-9' }, '0.0.0.0/0', 'network-interface', 'i-9'],
  [
    'the way out for IPv6 only',
    { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1' },
    '::/0',
    'internet-gateway',
    'eigw-1',
  ],
  ['a core network', { ...anywhere, CoreNetworkArn: 'arn:core' }, '0.0.0.0/0', 'other', 'arn:core'],
])('a route to %s', async (_, described, destination, kind, id) => {
  ec2.on(DescribeRouteTablesCommand).resolves({
    RouteTables: [{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Routes: [{ ...described, State: 'blackhole' }] }],
  });
  expect(await read(routeTables)).toMatchObject({
    value: [{ isMain: false, routes: [{ destination, target: { kind, id }, state: 'blackhole' }] }],
  });
});

test('no table at all is a gap: a VPC always has one', async () => {
  ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [] });
  expect(await read(routeTables)).toMatchObject({ value: [], gaps: [{ why: 'partial', ids: ['vpc-1'] }] });
});

const rule = (port: number | null, ...prefixListIds: string[]) => ({
  ...ingress(port === null ? '-1' : 'tcp', port, port, {}),
  prefixListIds,
});
const groups = (...rules: ReturnType<typeof rule>[]): Ill => ({ securityGroups: [securityGroup('sg-app', rules)] });
const asked = () => ec2.commandCalls(GetManagedPrefixListEntriesCommand).map(({ args }) => args[0].input.PrefixListId);

test('the entries of a prefix list, all pages', async () => {
  ec2
    .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-1', MaxResults: 100 })
    .resolves({ Entries: [{ Cidr: '10.0.0.0/24' }], NextToken: 'next' })
    .on(GetManagedPrefixListEntriesCommand, { NextToken: 'next' })
    .resolves({ Entries: [{ Cidr: '10.0.1.0/24', Description: 'public-b' }] });
  expect(await read(prefixLists, groups(rule(8080, 'pl-1')))).toMatchObject({
    value: [{ id: 'pl-1', cidrs: ['10.0.0.0/24', '10.0.1.0/24'] }],
    gaps: [],
  });
});

const viaList = (id: string, state: 'active' | 'blackhole' = 'active') => ({
  routeTables: [routeTable('rtb-main', [], [route(id, { kind: 'gateway', id: 'vpce-1' }, state)])],
});
test.each<[string, Ill, string[]]>([
  ['that no rule or route names', {}, []],
  ['in a rule on the traffic port, once', groups(rule(8080, 'pl-1'), rule(8080, 'pl-1')), ['pl-1']],
  ['in a rule for everything', groups(rule(null, 'pl-1')), ['pl-1']],
  ['in a rule on a port that nobody uses', groups(rule(443, 'pl-1')), []],
  [
    'in a rule on the health-check port',
    { ...groups(rule(9000, 'pl-1')), targetHealth: [target('i-1', { healthCheckPort: 9000 })] },
    ['pl-1'],
  ],
  [
    'in a rule that lets packets out',
    { securityGroups: [securityGroup('sg-alb', [], [rule(8080, 'pl-1')])] },
    ['pl-1'],
  ],
  ['in a route, as of a gateway endpoint', viaList('pl-s3'), []],
  ['in a route that leads nowhere', viaList('pl-1', 'blackhole'), ['pl-1']],
  [
    'in a route, when a target is outside the VPC',
    { ...viaList('pl-1'), targetHealth: [target('192.168.1.1', { zone: 'all' })] },
    ['pl-1'],
  ],
])('a prefix list %s is asked for: %3$j', async (_, ill, ids) => {
  ec2.on(GetManagedPrefixListEntriesCommand).resolves({ Entries: [] });
  expect(await read(prefixLists, ill)).toMatchObject({ seen: true, value: ids.map((id) => ({ id, cidrs: [] })) });
  expect(asked()).toEqual(ids);
});

test('a list that cannot be read is a gap, and the others are there', async () => {
  ec2
    .on(GetManagedPrefixListEntriesCommand)
    .resolves({ Entries: [{ Cidr: '10.0.0.0/16' }] })
    .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-theirs' })
    .rejects(refusal('InvalidPrefixListID.NotFound'));
  expect(await read(prefixLists, groups(rule(8080, 'pl-1', 'pl-theirs')))).toMatchObject({
    value: [{ id: 'pl-1' }],
    gaps: [{ why: 'failed', ids: ['pl-theirs'], action: 'ec2:GetManagedPrefixListEntries' }],
  });
});

test('a list of which a page is missing is not seen at all', async () => {
  ec2
    .on(GetManagedPrefixListEntriesCommand)
    .resolves({ Entries: [{ Cidr: '10.0.0.0/16' }], NextToken: 'next' })
    .on(GetManagedPrefixListEntriesCommand, { NextToken: 'next' })
    .rejects(accessDenied);
  expect(await read(prefixLists, groups(rule(8080, 'pl-1')))).toMatchObject({
    value: [],
    gaps: [{ why: 'denied', ids: ['pl-1'] }],
  });
});

test('where only the rules were not seen, the lists of the routes are', async () => {
  ec2.on(GetManagedPrefixListEntriesCommand).resolves({ Entries: [] });
  const ill = { ...viaList('pl-1', 'blackhole'), securityGroups: denied('ec2:DescribeSecurityGroups') };
  expect(await read(prefixLists, ill)).toMatchObject({
    value: [{ id: 'pl-1' }],
    gaps: [{ why: 'denied', action: 'ec2:DescribeSecurityGroups' }],
  });
});
