import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/network-block/target-security-group-closed/cause.ts';
import { judge } from '../../../lambda/diagnose/judge.ts';
import type { Observed } from '../../../lambda/incident/observed.ts';
import {
  aSnapshot,
  denied,
  ingress,
  instance,
  lately,
  metrics,
  partly,
  route,
  routeTable,
  securityGroup,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const healthy = aSnapshot().evidence;
function wholly<T>(observed: Observed<T>): T {
  if (!observed.seen) throw new Error('all of a healthy snapshot is seen');
  return observed.value;
}
const theLoadBalancer = () => wholly(healthy.loadBalancer);
const theInterfaceOf = (id: string) => instance(id).interfaces.slice(0, 1);
const withIpv6 = () =>
  wholly(healthy.subnets).map((one, n) => ({ ...one, ipv6Cidrs: [`2001:db8:0:${['a', 'b', '10', '11'][n]}::/64`] }));
const alb = securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]);
const app = (...rules: ReturnType<typeof ingress>[]) => ({ securityGroups: [alb, securityGroup('sg-app', rules)] });
const fails = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };
const closed = app(ingress('tcp', 80, 80, { group: 'sg-alb' }), ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' }));
const port8080 = ingress('tcp', 8080, 8080, {});
const APPLIANCE = { kind: 'network-interface', id: 'eni-firewall' } as const;
const V6 = '2001:db8:0:10::5';
const v6 = {
  targetGroups: [targetGroup('web', { targetType: 'ip' as const })],
  targetHealth: [unhealthy(V6, 'Target.Timeout')],
  targetInterfaces: theInterfaceOf('i-1').map((one) => ({ ...one, addresses: ['10.0.10.11', V6] })),
  subnets: withIpv6(),
};
const dropped = metrics({
  HTTPCode_ELB_504_Count: lately(9, 117),
  HTTPCode_ELB_5XX_Count: lately(9, 117),
  TargetConnectionErrorCount: lately(9, 117),
});

test.each([
  ['no rule admits the load balancer, and health checks time out', { ...closed, ...fails }, 'found decisive'],
  [
    'the port is one above the open range',
    { ...app(ingress('tcp', 1, 8079, { group: 'sg-alb' })), ...fails },
    'found decisive',
  ],
  [
    'the port is the last of the open range',
    { ...app(ingress('tcp', 1, 8080, { group: 'sg-alb' })), ...fails },
    'ruled-out',
  ],
  [
    'all protocols from the load balancer',
    { ...app(ingress('-1', null, null, { group: 'sg-alb' })), ...fails },
    'ruled-out',
  ],
  ['udp only', { ...app(ingress('udp', 8080, 8080, { group: 'sg-alb' })), ...fails }, 'found decisive'],
  [
    'the CIDR of both load balancer subnets',
    { ...app(ingress('tcp', 8080, 8080, { cidr: '10.0.0.0/23' })), ...fails },
    'ruled-out',
  ],
  [
    'the CIDR of one load balancer subnet',
    { ...app(ingress('tcp', 8080, 8080, { cidr: '10.0.0.0/24' })), ...fails },
    'found decisive',
  ],
  [
    'the target shares a group that has no rule for itself',
    {
      securityGroups: [alb],
      instances: [instance('i-1', { primarySecurityGroupIds: ['sg-alb'] })],
      targetHealth: [unhealthy('i-1', 'Target.Timeout')],
    },
    'found decisive',
  ],
  ['closed, but AWS calls the targets healthy on that port', closed, 'found circumstantial'],
  [
    'closed, but the health check was answered',
    { ...closed, targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch')] },
    'found circumstantial',
  ],
  [
    'health checks on an open port, traffic on a closed one, requests dropped',
    {
      ...app(ingress('tcp', 9000, 9000, { group: 'sg-alb' })),
      targetHealth: [target('i-1', { healthCheckPort: 9000 })],
      loadBalancerMetrics: dropped,
    },
    'found decisive',
  ],
  [
    'the same without a dropped request',
    {
      ...app(ingress('tcp', 9000, 9000, { group: 'sg-alb' })),
      targetHealth: [target('i-1', { healthCheckPort: 9000 })],
    },
    'found circumstantial',
  ],
  [
    'open for traffic, closed for health checks',
    {
      ...app(ingress('tcp', 8080, 8080, { group: 'sg-alb' })),
      targetHealth: [unhealthy('i-1', 'Target.Timeout', { healthCheckPort: 9000 })],
    },
    'found decisive',
  ],
  [
    'a stopped target behind a closed group',
    { ...closed, targetHealth: [target('i-1', { state: 'unused', reason: 'Target.InvalidState' })] },
    'found circumstantial',
  ],
  [
    'a Lambda target',
    {
      targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })],
      targetGroups: [targetGroup('web', { targetType: 'lambda' })],
    },
    'not-applicable',
  ],
  [
    'closed, but AWS calls half of them healthy on that port',
    { ...closed, targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] },
    'found circumstantial',
  ],
  [
    'closed, and the second of two groups on the interface admits it',
    {
      ...fails,
      instances: ['i-1', 'i-2'].map((id) => instance(id, { primarySecurityGroupIds: ['sg-app', 'sg-web'] })),
      securityGroups: [
        ...closed.securityGroups,
        securityGroup('sg-web', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
      ],
    },
    'ruled-out',
  ],
  [
    'a stale reference: to the group of a load balancer that is gone',
    { ...app(ingress('tcp', 8080, 8080, { group: 'sg-old-alb' })), ...fails },
    'found decisive',
  ],
  [
    'a reference to the group of another account',
    { ...app({ ...port8080, groups: [{ groupId: 'sg-alb-there', ownerId: '999988887777' }] }), ...fails },
    'found decisive',
  ],
  [
    'a group of another account, which the load balancer carries',
    { ...app({ ...port8080, groups: [{ groupId: 'sg-alb', ownerId: '999988887777' }] }), ...fails },
    'ruled-out',
  ],
  [
    'the public addresses of the load balancer, from which nothing comes',
    { ...app(ingress('tcp', 8080, 8080, { cidr: '54.80.0.0/16' })), ...fails },
    'found decisive',
  ],
  [
    'IPv6, which only an IPv4 rule admits',
    { ...v6, ...app(ingress('tcp', 8080, 8080, { cidr: '0.0.0.0/0' })) },
    'found decisive',
  ],
  ['IPv6, admitted by group', { ...v6, ...app(ingress('tcp', 8080, 8080, { group: 'sg-alb' })) }, 'ruled-out'],
  [
    'a prefix list that holds both load balancer subnets',
    {
      ...fails,
      ...app({ ...port8080, prefixListIds: ['pl-1'] }),
      prefixLists: [{ id: 'pl-1', cidrs: ['10.0.0.0/23'] }],
    },
    'ruled-out',
  ],
  [
    'a prefix list of other addresses',
    {
      ...fails,
      ...app({ ...port8080, prefixListIds: ['pl-1'] }),
      prefixLists: [{ id: 'pl-1', cidrs: ['10.9.0.0/16'] }],
    },
    'found decisive',
  ],
  ['a prefix list that was not read', { ...fails, ...app({ ...port8080, prefixListIds: ['pl-1'] }) }, 'undetermined'],
  [
    'behind an appliance, which a reference to a group does not match',
    {
      ...fails,
      routeTables: [routeTable('rtb-main', [], [route('10.0.0.0/22', APPLIANCE), route('10.0.10.0/23', APPLIANCE)])],
    },
    'undetermined',
  ],
  [
    'a target outside the VPC, whose groups nobody sees',
    { targetHealth: [unhealthy('192.168.1.10', 'Target.Timeout', { zone: 'all' })] },
    'undetermined',
  ],
  ['all is open', {}, 'ruled-out'],
  ['security groups denied', { ...fails, securityGroups: denied('ec2:DescribeSecurityGroups') }, 'undetermined'],
  ['instances denied', { ...fails, instances: denied('ec2:DescribeInstances') }, 'undetermined'],
  [
    'the group of the failing target was not returned',
    { ...fails, securityGroups: partly([alb], { why: 'partial', detail: 'not returned', ids: ['sg-app'] }) },
    'undetermined',
  ],
  [
    'a failing target whose instance was not returned',
    { targetHealth: [unhealthy('i-9', 'Target.Timeout')] },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which group, which port, what it admits, and the rule that is missing', () => {
  expect(readable(cause, { ...closed, ...fails, loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "sg-app does not allow inbound traffic from the load balancer on port \`8080\` of web [decisive]
      because  sg-app allows inbound TCP \`22\` and \`80\`: no rule for sg-alb on \`8080\`   [securityGroups]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\`; the same for 1 more target   [targetHealth]
      because  1,053 requests answered \`504\` since 14:21, with 1,053 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix      allow inbound traffic from the load balancer on port \`8080\`
               aws ec2 authorize-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1
         undo  aws ec2 revoke-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1"
  `);
});

test('names what else is in the way', () => {
  const ill = { ...fails, securityGroups: [securityGroup('sg-alb', [], []), securityGroup('sg-app', [])] };
  expect(readable(cause, ill)).toContain(
    'because  not the only block: sg-alb also blocks traffic on this path   [securityGroups]',
  );
});

test('says which list could not be read, and which permission it takes', () => {
  const ill = {
    ...fails,
    ...app({ ...port8080, prefixListIds: ['pl-1'] }),
    prefixLists: denied('ec2:GetManagedPrefixListEntries'),
  };
  expect(judge(cause, aSnapshot(ill))).toMatchObject({
    is: 'undetermined',
    missing: [{ evidence: 'prefixLists', why: 'denied', action: 'ec2:GetManagedPrefixListEntries', ids: ['pl-1'] }],
  });
});

test('admits the addresses of the load balancer, IPv6 too, where its groups were not seen', () => {
  const ill = { ...v6, ...app(), loadBalancer: { ...theLoadBalancer(), securityGroupIds: [] } };
  expect(readable(cause, ill)).toContain(
    '--ip-permissions IpProtocol=tcp,FromPort=8080,ToPort=8080,Ipv6Ranges=[{CidrIpv6=2001:db8:0:a::/64}]',
  );
});

test('opens the port to the load balancer only', () => {
  expect(readable(cause, { ...closed, ...fails })).not.toContain('0.0.0.0/0');
});

test("names the group that a load balancer controller shares among its load balancers, not the load balancer's first", () => {
  const tags = { 'elbv2.k8s.aws/cluster': 'prod', 'elbv2.k8s.aws/resource': 'backend-sg' };
  const ill = {
    ...fails,
    loadBalancer: { ...theLoadBalancer(), securityGroupIds: ['sg-alb', 'sg-backend'] },
    securityGroups: [
      securityGroup('sg-alb', []),
      { ...securityGroup('sg-backend', []), tags },
      securityGroup('sg-app', []),
    ],
  };
  expect(readable(cause, ill)).toContain('--group-id sg-app --protocol tcp --port 8080 --source-group sg-backend');
});

test('names whom a group admits on the port, itself by that word', () => {
  const ofNodes = app(ingress('tcp', 0, 65535, { group: 'sg-app' }), ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' }));
  expect(readable(cause, { ...ofNodes, ...fails })).toContain(
    'sg-app allows inbound traffic only from itself on `8080`: no rule for sg-alb',
  );
});
