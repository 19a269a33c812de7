import { expect, test } from 'vitest';
import type { NetworkAclEntry } from '../../../lambda/incident/evidence.ts';
import { networkAclBlocks as rule } from '../../../lambda/rules/network-block/network-acl-blocks.ts';
import { denied, lately, metrics, target, unhealthy } from '../../support/a-snapshot.ts';
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
  expect(outcome(rule, ill)).toBe(expected);
});

test('says which rule of which ACL, which way, and adds an allow before it', () => {
  const ill = {
    ...fails,
    ...onTargets(entry(90, 'in', 'deny', port(8080)), entry(100, 'in', 'allow'), entry(100, 'out', 'allow')),
  };
  expect(readable(rule, { ...ill, loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "Network ACL acl-app drops the packets between the load balancer and 2 targets of web [decisive]
      because  acl-app rule \`90\` denies TCP \`8080\` into subnet-app-a and subnet-app-b from 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\` (and 1 more)   [targetHealth]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors: connections were not made   [loadBalancerMetrics]
      fix      let TCP \`8080\` in from 10.0.0.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 89 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 89 --ingress --region us-east-1
      fix      let TCP \`8080\` in from 10.0.1.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 88 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 88 --ingress --region us-east-1"
  `);
});

test('names every blocker, not the first', () => {
  expect(readable(rule, { ...fails, ...onTargets(), loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "Network ACL acl-app drops the packets between the load balancer and 2 targets of web [decisive]
      because  acl-app rule \`*\` denies TCP \`8080\` into subnet-app-a and subnet-app-b from 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  acl-app rule \`*\` denies TCP \`1024-65535\` out of subnet-app-a and subnet-app-b to 10.0.0.0/24 and 10.0.1.0/24   [networkAcls]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\` (and 1 more)   [targetHealth]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors: connections were not made   [loadBalancerMetrics]
      fix      let TCP \`8080\` in from 10.0.0.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 10 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 10 --ingress --region us-east-1
      fix      let TCP \`8080\` in from 10.0.1.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 20 --ingress --protocol 6 --port-range From=8080,To=8080 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 20 --ingress --region us-east-1
      fix      let TCP \`1024-65535\` out to 10.0.0.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 10 --egress --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.0.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 10 --egress --region us-east-1
      fix      let TCP \`1024-65535\` out to 10.0.1.0/24 through acl-app
               aws ec2 create-network-acl-entry --network-acl-id acl-app --rule-number 20 --egress --protocol 6 --port-range From=1024,To=65535 --cidr-block 10.0.1.0/24 --rule-action allow --region us-east-1
         undo  aws ec2 delete-network-acl-entry --network-acl-id acl-app --rule-number 20 --egress --region us-east-1"
  `);
});
