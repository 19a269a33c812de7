import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/network-block/network-acl-blocks/cause.ts';
import type { NetworkAclEntry } from '../../../lambda/incident/evidence.ts';
import type { Observed } from '../../../lambda/incident/observed.ts';
import {
  aSnapshot,
  denied,
  instance,
  lately,
  metrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const ALL = { from: null, to: null };
const entry = (
  ruleNumber: number,
  way: 'in' | 'out',
  action: 'allow' | 'deny',
  ports = ALL as { from: number | null; to: number | null },
  cidr = '0.0.0.0/0',
): NetworkAclEntry => ({
  ruleNumber,
  egress: way === 'out',
  action,
  protocol: ports.from === null ? '-1' : '6',
  cidr,
  fromPort: ports.from,
  toPort: ports.to,
});
const END = [entry(32767, 'in', 'deny'), entry(32767, 'out', 'deny')];
const open = [entry(100, 'in', 'allow'), entry(100, 'out', 'allow'), ...END];
const acl = (id: string, subnetIds: string[], entries: NetworkAclEntry[]) => ({
  id,
  isDefault: false,
  subnetIds,
  entries,
  tags: {},
});
/** The load balancer's subnets are open; the targets' have the given entries. */
const onTargets = (...entries: NetworkAclEntry[]) => ({
  networkAcls: [
    acl('acl-alb', ['subnet-public-a', 'subnet-public-b'], open),
    acl('acl-app', ['subnet-app-a', 'subnet-app-b'], [...entries, ...END]),
  ],
});
const fails = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };
const port = (from: number, to = from) => ({ from, to });
const onOneSubnet = {
  networkAcls: [
    acl('acl-open', ['subnet-public-a', 'subnet-public-b', 'subnet-app-b'], open),
    acl('acl-app-a', ['subnet-app-a'], [entry(100, 'out', 'allow'), ...END]),
  ],
};
const healthy = aSnapshot().evidence;
function wholly<T>(observed: Observed<T>): T {
  if (!observed.seen) throw new Error('all of a healthy snapshot is seen');
  return observed.value;
}
const V6 = '2001:db8:0:10::5';
const v6 = {
  targetGroups: [targetGroup('web', { targetType: 'ip' as const })],
  targetHealth: [unhealthy(V6, 'Target.Timeout')],
  targetInterfaces: instance('i-1').interfaces.map((one) => ({ ...one, addresses: ['10.0.10.11', V6] })),
  subnets: wholly(healthy.subnets).map((one, n) => ({
    ...one,
    ipv6Cidrs: [`2001:db8:0:${['a', 'b', '10', '11'][n]}::/64`],
  })),
};
const sharing = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout')],
  instances: [instance('i-1', { subnetId: 'subnet-public-a', primaryAddress: '10.0.0.50' })],
};
const inOneZone = {
  loadBalancer: { ...wholly(healthy.loadBalancer), zones: [{ zone: 'us-east-1a', subnetId: 'subnet-public-a' }] },
};
const dropped = metrics({
  HTTPCode_ELB_504_Count: lately(9, 50),
  HTTPCode_ELB_5XX_Count: lately(9, 50),
  TargetConnectionErrorCount: lately(9, 50),
});

test.each([
  ['nothing is let in', { ...fails, ...onTargets(entry(100, 'out', 'allow')) }, 'found decisive'],
  ['nothing is let out', { ...fails, ...onTargets(entry(100, 'in', 'allow')) }, 'found decisive'],
  [
    'a deny before the allow',
    {
      ...fails,
      ...onTargets(entry(90, 'in', 'deny', port(8080)), entry(100, 'in', 'allow'), entry(100, 'out', 'allow')),
    },
    'found decisive',
  ],
  [
    'a deny after the allow',
    {
      ...fails,
      ...onTargets(entry(110, 'in', 'deny', port(8080)), entry(100, 'in', 'allow'), entry(100, 'out', 'allow')),
    },
    'ruled-out',
  ],
  [
    'exactly what is needed',
    {
      ...fails,
      ...onTargets(
        entry(100, 'in', 'allow', port(8080), '10.0.0.0/23'),
        entry(100, 'out', 'allow', port(1024, 65535), '10.0.0.0/23'),
      ),
    },
    'ruled-out',
  ],
  [
    'only a part of the return ports, and a part of the requests is dropped',
    {
      ...onTargets(entry(100, 'in', 'allow'), entry(100, 'out', 'allow', port(32768, 65535))),
      loadBalancerMetrics: dropped,
    },
    'found strong',
  ],
  [
    'only a part of the return ports, no request dropped',
    onTargets(entry(100, 'in', 'allow'), entry(100, 'out', 'allow', port(32768, 65535))),
    'found circumstantial',
  ],
  ['closed, but AWS calls the targets healthy', onTargets(), 'found circumstantial'],
  [
    'an allow for another port',
    { ...fails, ...onTargets(entry(100, 'in', 'allow', port(80)), entry(100, 'out', 'allow')) },
    'found decisive',
  ],
  [
    'closed, but AWS calls half of them healthy',
    { ...onTargets(), targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] },
    'found circumstantial',
  ],
  [
    "only one subnet's ACL, and the targets of the other are healthy",
    { ...onOneSubnet, targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] },
    'found decisive',
  ],
  [
    'the addresses of today are let in, and the load balancer will change them',
    {
      ...fails,
      ...onTargets(
        entry(90, 'in', 'allow', port(8080), '10.0.0.10/32'),
        entry(91, 'in', 'allow', port(8080), '10.0.1.10/32'),
        entry(100, 'out', 'allow'),
      ),
    },
    'ruled-out',
  ],
  ['IPv6, which only IPv4 entries let through', v6, 'found decisive'],
  [
    'a target in the subnet of the load balancer, and one node of two is in it',
    { ...sharing, networkAcls: [acl('acl-alb', ['subnet-public-a', 'subnet-public-b'], END)] },
    'found decisive',
  ],
  [
    'a target in the only subnet of the load balancer, where no ACL is asked',
    {
      ...sharing,
      ...inOneZone,
      networkAcls: [acl('acl-alb', ['subnet-public-a', 'subnet-public-b'], END)],
    },
    'ruled-out',
  ],
  [
    'cross-zone is off, and the ACL drops what crosses zones only',
    {
      ...fails,
      ...onTargets(entry(100, 'out', 'allow'), entry(90, 'in', 'allow', ALL, '10.0.0.0/24')),
      targetHealth: [unhealthy('i-1', 'Target.Timeout')],
      targetGroupAttributes: { [TG]: { 'load_balancing.cross_zone.enabled': 'false' } },
    },
    'ruled-out',
  ],
  [
    'a Lambda target',
    { targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })] },
    'not-applicable',
  ],
  ['all is open', fails, 'ruled-out'],
  ['ACLs denied', { ...fails, networkAcls: denied('ec2:DescribeNetworkAcls') }, 'undetermined'],
  [
    'the ACL of a subnet was not returned',
    { ...fails, networkAcls: [acl('acl-alb', ['subnet-public-a', 'subnet-public-b'], open)] },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which rule of which ACL, which way, and adds an allow before it', () => {
  const ill = {
    ...fails,
    ...onTargets(entry(90, 'in', 'deny', port(8080)), entry(100, 'in', 'allow'), entry(100, 'out', 'allow')),
  };
  expect(readable(cause, { ...ill, loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "Network ACL acl-app denies traffic between the load balancer and 2 targets of web [decisive]
      because  acl-app rule \`90\` denies TCP \`8080\` into subnet-app-a and subnet-app-b from 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\`; the same for 1 more target   [targetHealth]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix 1/2  allow inbound traffic from 10.0.0.0/24 on TCP \`8080\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 89 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 89 --ingress --region us-east-1
      fix 2/2  allow inbound traffic from 10.0.1.0/24 on TCP \`8080\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 88 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 88 --ingress --region us-east-1"
  `);
});

test('names every blocker, not the first', () => {
  expect(readable(cause, { ...fails, ...onTargets(), loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "Network ACL acl-app denies traffic between the load balancer and 2 targets of web [decisive]
      because  acl-app rule \`*\` denies TCP \`8080\` into subnet-app-a and subnet-app-b from 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  acl-app rule \`*\` denies TCP \`1024-65535\` out of subnet-app-a and subnet-app-b to 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\`; the same for 1 more target   [targetHealth]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix 1/4  allow inbound traffic from 10.0.0.0/24 on TCP \`8080\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 10 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 10 --ingress --region us-east-1
      fix 2/4  allow inbound traffic from 10.0.1.0/24 on TCP \`8080\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 20 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 20 --ingress --region us-east-1
      fix 3/4  allow outbound traffic to 10.0.0.0/24 on TCP \`1024-65535\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 10 --egress --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 10 --egress --region us-east-1
      fix 4/4  allow outbound traffic to 10.0.1.0/24 on TCP \`1024-65535\` in acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 20 --egress --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 20 --egress --region us-east-1"
  `);
});

test('opens IPv6 by IPv6 entries', () => {
  expect(readable(cause, v6)).toContain(
    '--rule-number 110 --ingress --protocol 6 --port-range From=8080,To=8080 --ipv6-cidr-block 2001:db8:0:a::/64',
  );
});

test('opens no more than what is dropped', () => {
  const ill = {
    ...fails,
    ...onTargets(entry(90, 'in', 'deny', ALL, '10.0.1.0/25'), entry(100, 'in', 'allow'), entry(100, 'out', 'allow')),
  };
  const read = readable(cause, ill);
  expect(read).toContain('denies TCP `8080` into subnet-app-a and subnet-app-b from 10.0.1.0/25');
  expect(read.match(/--cidr-block \S+/g)).toEqual(['--cidr-block 10.0.1.0/25']);
});

test('says which of the return ports are closed, and for how many connections', () => {
  const ill = onTargets(entry(100, 'in', 'allow'), entry(100, 'out', 'allow', port(32768, 65535)));
  expect(readable(cause, { ...ill, loadBalancerMetrics: dropped })).toContain(
    'denies TCP `1024-32767` out of subnet-app-a and subnet-app-b to 10.0.0.0/24 and 10.0.1.0/24: about 49 % of the connections',
  );
});

test('of hardly any connections it says how many at most, and not about that', () => {
  const ill = onTargets(
    entry(90, 'out', 'deny', port(40000, 40001)),
    entry(100, 'in', 'allow'),
    entry(100, 'out', 'allow'),
  );
  const read = readable(cause, { ...ill, loadBalancerMetrics: dropped });
  expect(read).toContain(': under 0.1 % of the connections');
  expect(read).not.toContain('about under');
});

test('gives no command where no number is free before the one that denies', () => {
  const ill = {
    ...fails,
    ...onTargets(
      entry(2, 'in', 'deny', port(8080)),
      entry(1, 'in', 'allow', port(443)),
      entry(100, 'in', 'allow'),
      entry(100, 'out', 'allow'),
    ),
  };
  expect(readable(cause, ill)).not.toContain('create-network-acl-entry');
});
