import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/network-block/host-firewall/cause.ts';
import {
  always,
  denied,
  groupArn,
  groupMetrics,
  ingress,
  lately,
  metrics,
  route,
  routeTable,
  securityGroup,
  status,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../../support/application-status.ts';
import { outcome, readable } from '../../support/judged.ts';

const targetHealth = [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')];
const loadBalancerMetrics = metrics({
  HTTPCode_ELB_504_Count: lately(9, 50),
  HTTPCode_ELB_5XX_Count: lately(9, 50),
  TargetConnectionErrorCount: lately(9, 50),
});
const vanishing = { targetHealth, loadBalancerMetrics };
const abroad = unhealthy('192.168.1.10', 'Target.Timeout', { zone: 'all' });
const groupOf = (rule: ReturnType<typeof ingress>) => ({
  securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [rule])],
});

test.each([
  ['silence, connection errors, and an open path', vanishing, 'found circumstantial'],
  [
    'no connection error: the application accepts and hangs',
    { targetHealth, loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 50) }) },
    'ruled-out',
  ],
  [
    '502s: connections are refused',
    {
      targetHealth,
      loadBalancerMetrics: metrics({
        HTTPCode_ELB_502_Count: lately(9, 50),
        TargetConnectionErrorCount: lately(9, 50),
      }),
    },
    'ruled-out',
  ],
  ['no request at all', { targetHealth }, 'ruled-out'],
  [
    'the security group is closed',
    { ...vanishing, ...groupOf(ingress('tcp', 80, 80, { group: 'sg-alb' })) },
    'ruled-out',
  ],
  [
    'the security group may be closed: a prefix list was not read',
    { ...vanishing, ...groupOf({ ...ingress('tcp', 8080, 8080, {}), prefixListIds: ['pl-1'] }) },
    'undetermined',
  ],
  [
    'targets that answer their health checks',
    { loadBalancerMetrics, targetHealth: [target('i-1'), target('i-2')] },
    'ruled-out',
  ],
  [
    'the health check is on another port, which answers',
    {
      loadBalancerMetrics,
      targetHealth: [target('i-1', { healthCheckPort: 9000 })],
      ...groupOf(ingress('-1', null, null, { group: 'sg-alb' })),
    },
    'found circumstantial',
  ],
  [
    'the host itself is down',
    {
      ...vanishing,
      targetHealth: [unhealthy('i-1', 'Target.Timeout')],
      instanceStatus: [status('i-1', { system: { status: 'impaired', impairedSince: null } })],
    },
    'ruled-out',
  ],
  [
    'connections fail in another group only',
    {
      ...vanishing,
      targetGroups: [targetGroup(), targetGroup('api')],
      targetGroupMetrics: groupMetrics({
        [TG]: { RequestCount: always(60) },
        [groupArn('api')]: {
          RequestCount: always(60),
          TargetConnectionErrorCount: lately(9, 50),
          HTTPCode_Target_2XX_Count: always(1),
        },
      }),
    },
    'ruled-out',
  ],
  ['network ACLs denied', { ...vanishing, networkAcls: denied('ec2:DescribeNetworkAcls') }, 'undetermined'],
  ['metrics denied', { targetHealth, loadBalancerMetrics: denied('cloudwatch:GetMetricData') }, 'undetermined'],
  ['a target outside the VPC, to which no route leads', { ...vanishing, targetHealth: [abroad] }, 'ruled-out'],
  [
    'a target outside the VPC, of whose end AWS shows nothing',
    {
      ...vanishing,
      targetHealth: [abroad],
      routeTables: [routeTable('rtb-main', [], [route('192.168.0.0/16', { kind: 'peering', id: 'pcx-1' })])],
    },
    'undetermined',
  ],
  [
    'a Lambda target',
    { targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })] },
    'not-applicable',
  ],
])('%s: %3$s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what was seen, and sends one to look', () => {
  expect(readable(cause, vanishing)).toMatchInlineSnapshot(`
    "Packets to 2 targets of web seem to be dropped on the host: security groups, network ACLs and routes let them through [circumstantial]
      because  450 requests answered \`504\` since 14:21, with 450 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\` and i-2 is \`unhealthy\`: \`Target.Timeout\`   [targetHealth]
      because  security groups, network ACLs and routes are open to them   [securityGroups]
      fix      allow the load balancer's subnets in the host's firewall (iptables, nftables, firewalld, or an agent with its own policy)
      look     check on the host whether the packets arrive (tcpdump) and what its firewall does with them
               aws ssm start-session --target i-1 --region us-east-1"
  `);
});

test.each([
  ['ConnectionTimeout', /EC2's own check of i-\w+ on port `8080` \(`\/`\): `ConnectionTimeout` since 14:22 /],
  ['ResponseTimeout', /`ResponseTimeout` since 14:22: EC2 gets through, from its own address/],
])("tells what EC2's own check finds: %s", (reason, expected) => {
  expect(readable(cause, { ...vanishing, ...bothChecked(applicationCheck(reason)) })).toMatch(expected);
});
