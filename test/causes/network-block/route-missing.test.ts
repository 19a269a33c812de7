import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/network-block/route-missing/cause.ts';
import type { Route } from '../../../lambda/incident/evidence.ts';
import {
  between,
  change,
  denied,
  lately,
  metrics,
  partly,
  route,
  routeTable,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const internet = route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' });
const PEERING = { kind: 'peering', id: 'pcx-1' } as const;
const peered = route('192.168.0.0/16', PEERING);
const gone = route('192.168.0.0/16', PEERING, 'blackhole');
/** A table for each of the load balancer's subnets, and the main table of the targets'. */
const tables = (a: Route[], b: Route[], main: Route[] = []) => ({
  routeTables: [
    routeTable('rtb-a', ['subnet-public-a'], [internet, ...a]),
    routeTable('rtb-b', ['subnet-public-b'], [internet, ...b]),
    routeTable('rtb-main', [], main),
  ],
});
const abroad = (ip: string) => unhealthy(ip, 'Target.Timeout', { zone: 'all' });
const outside = {
  targetGroups: [targetGroup('web', { targetType: 'ip' as const })],
  targetHealth: [abroad('192.168.1.10')],
};
const inside = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };
const toApps = (state: Route['state']) =>
  route('10.0.10.0/23', { kind: 'network-interface', id: 'eni-firewall' }, state);
const dropped = metrics({
  HTTPCode_ELB_504_Count: lately(9, 50),
  HTTPCode_ELB_5XX_Count: lately(9, 50),
  TargetConnectionErrorCount: lately(9, 50),
});

test.each([
  ['within the VPC the local route is enough', { ...inside, ...tables([], []) }, 'ruled-out'],
  ['no route to a peered network', { ...outside, ...tables([], []) }, 'found decisive'],
  ['the peering is gone', { ...outside, ...tables([gone], [gone]) }, 'found decisive'],
  ['one subnet of two has no route', { ...outside, ...tables([peered], []) }, 'found decisive'],
  [
    'one subnet of two has no route, AWS gets through from the other, and requests are dropped',
    {
      ...tables([peered], []),
      ...outside,
      targetHealth: [target('192.168.1.10', { zone: 'all' })],
      loadBalancerMetrics: dropped,
    },
    'found strong',
  ],
  ['there is a route, and nobody sees the way back', { ...outside, ...tables([peered], [peered]) }, 'undetermined'],
  [
    'there is a route, and AWS gets through',
    { ...tables([peered], [peered]), ...outside, targetHealth: [target('192.168.1.10', { zone: 'all' })] },
    'ruled-out',
  ],
  [
    'the NAT gateway decides',
    { ...outside, ...tables([route('192.168.0.0/16', { kind: 'nat', id: 'nat-1' })], [peered]) },
    'undetermined',
  ],
  [
    'a longer prefix leads nowhere',
    { ...outside, ...tables([peered, route('192.168.1.0/24', PEERING, 'blackhole')], [peered]) },
    'found decisive',
  ],
  [
    'a longer prefix of its neighbours leads nowhere',
    { ...outside, ...tables([peered, route('192.168.2.0/24', PEERING, 'blackhole')], [peered]) },
    'undetermined',
  ],
  [
    'a prefix list has the route',
    {
      ...outside,
      ...tables([route('pl-1', PEERING)], [route('pl-1', PEERING)]),
      prefixLists: [{ id: 'pl-1', cidrs: ['192.168.0.0/16'] }],
    },
    'undetermined',
  ],
  [
    'a prefix list of other addresses',
    {
      ...outside,
      ...tables([route('pl-1', PEERING)], [route('pl-1', PEERING)]),
      prefixLists: [{ id: 'pl-1', cidrs: ['172.16.0.0/12'] }],
    },
    'found decisive',
  ],
  [
    'a prefix list that was not read',
    { ...outside, ...tables([route('pl-1', PEERING)], []), prefixLists: denied() },
    'found decisive',
  ],
  [
    'prefix lists that were not read, in both',
    { ...outside, ...tables([route('pl-1', PEERING)], [route('pl-1', PEERING)]), prefixLists: denied() },
    'undetermined',
  ],
  [
    'an appliance in the VPC is gone',
    { ...inside, ...tables([toApps('blackhole')], [toApps('blackhole')]) },
    'found decisive',
  ],
  [
    'it is gone from the way back only',
    {
      ...inside,
      ...tables([], [], [route('10.0.0.0/23', { kind: 'network-interface', id: 'eni-firewall' }, 'blackhole')]),
    },
    'found decisive',
  ],
  [
    'an appliance in the VPC that is there',
    { ...inside, ...tables([toApps('active')], [toApps('active')]) },
    'ruled-out',
  ],
  ['it is gone, but AWS gets through', tables([toApps('blackhole')], [toApps('blackhole')]), 'found circumstantial'],
  [
    'the gateway endpoint of a service is gone',
    { ...inside, ...tables([route('52.216.0.0/15', { kind: 'gateway', id: 'vpce-1' }, 'blackhole')], []) },
    'ruled-out',
  ],
  [
    'the default route leads nowhere',
    { ...inside, ...tables([route('0.0.0.0/0', { kind: 'nat', id: 'nat-1' }, 'blackhole')], []) },
    'ruled-out',
  ],
  [
    'a Lambda target',
    { targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })] },
    'not-applicable',
  ],
  ['route tables denied', { ...outside, routeTables: denied('ec2:DescribeRouteTables') }, 'undetermined'],
  [
    'no table was shown, as in a shared VPC',
    { ...outside, routeTables: partly([], { why: 'partial', detail: 'not returned', ids: ['vpc-1'] }) },
    'undetermined',
  ],
  ['AWS gets through everywhere', {}, 'ruled-out'],
])('%s: %3$s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which table of which subnet, and takes the route that the other subnet has', () => {
  expect(readable(cause, { ...outside, ...tables([peered], []), loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "Route table rtb-b has no route for 192.168.1.10, a target of web [decisive]
      because  rtb-b of subnet-public-b has only 0.0.0.0/0 to igw-1 for 192.168.1.10: an internet gateway does not route private addresses   [routeTables]
      because  192.168.1.10 is \`unhealthy\`: \`Target.Timeout\`   [targetHealth]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix      route 192.168.0.0/16 to pcx-1, as the load balancer's other subnets do
               aws ec2 create-route --route-table-id rtb-b --destination-cidr-block 192.168.0.0/16 --vpc-peering-connection-id pcx-1 --region us-east-1
         undo  aws ec2 delete-route --route-table-id rtb-b --destination-cidr-block 192.168.0.0/16 --region us-east-1
      look     see the routes of rtb-b, and find what should lead to the target
               aws ec2 describe-route-tables --route-table-ids rtb-b --region us-east-1"
  `);
});

test('replaces a route to nowhere where the other subnet leads somewhere', () => {
  expect(readable(cause, { ...outside, ...tables([peered], [gone]) })).toContain(
    'aws ec2 replace-route --route-table-id rtb-b --destination-cidr-block 192.168.0.0/16 --vpc-peering-connection-id pcx-1',
  );
});

test.each([
  ['where no subnet leads anywhere', [], []],
  ['where the peering is gone for all', [gone], [gone]],
  [
    'where the other subnet has but a default route',
    [route('0.0.0.0/0', { kind: 'transit-gateway', id: 'tgw-1' })],
    [],
  ],
])('names no way that nobody has seen %s', (_, a, b) => {
  const read = readable(cause, { ...outside, ...tables(a, b) });
  expect(read).toContain('ask who removed the previous one');
  expect(read).toContain('look ');
  expect(read).not.toMatch(/(create|replace)-route --/);
});

test('tells a thousand targets without a route in one finding', () => {
  const targetHealth = Array.from({ length: 1000 }, (_, n) => abroad(`192.168.${n >> 8}.${n & 255}`));
  expect(outcome(cause, { ...outside, ...tables([], []), targetHealth })).toBe('found decisive');
});

const changed = (does: 'creates' | 'deletes', clock: string, destination = '192.168.0.0/16') =>
  change(
    { is: 'route', does, tableId: 'rtb-b', destination },
    { at: `2026-03-10T${clock}:00Z`, event: does === 'creates' ? 'CreateRoute' : 'DeleteRoute', resources: ['rtb-b'] },
  );
/** 504s from 14:10 to 14:20; all routes are there now. */
const mended = {
  ...tables([peered], [peered]),
  ...outside,
  targetHealth: [target('192.168.1.10', { zone: 'all' })],
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: between(20, 10, 50),
    HTTPCode_ELB_5XX_Count: between(20, 10, 50),
    TargetConnectionErrorCount: between(20, 10, 50),
  }),
};

test.each([
  [
    'deleted before the errors and created as they ended',
    [changed('deletes', '14:09'), changed('creates', '14:20')],
    'found strong',
  ],
  ['who created it again is not shown yet', [changed('deletes', '14:09')], 'found strong'],
  ['nobody is shown to have deleted it', [changed('creates', '14:20')], 'found circumstantial'],
  ['created again before the first error', [changed('deletes', '13:05'), changed('creates', '14:10')], 'ruled-out'],
  ['the route to another network', [changed('deletes', '14:09', '172.16.0.0/12')], 'ruled-out'],
  ['CloudTrail denied', denied(), 'ruled-out'],
])('a route that is there again: %s', (_, changes, expected) => {
  expect(outcome(cause, { ...mended, changes })).toBe(expected);
});

test('tells of a route that is there again, in the past', () => {
  const changes = [changed('deletes', '14:09'), changed('creates', '14:20')];
  expect(readable(cause, { ...mended, changes })).toMatchInlineSnapshot(`
    "Route table rtb-b had no route for 192.168.1.10, a target of web from 14:09 to 14:20 [strong] since 2026-03-10T14:09:00Z
      because  the path is open now; before the changes made since, it was closed at 14:10   [routeTables]
      because  \`alice\` created the route to 192.168.0.0/16 in rtb-b   [changes]
      because  500 requests answered \`504\` since 14:10, with 500 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      look     it is already fixed: find out why it was changed, to keep it from happening again
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=rtb-b --start-time 2026-03-10T13:10:00Z --region us-east-1"
  `);
});
