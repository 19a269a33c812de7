import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/network-block/load-balancer-security-group-closed/cause.ts';
import {
  aSnapshot,
  denied,
  instance,
  lately,
  metrics,
  partly,
  ingress as permission,
  securityGroup,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const app = securityGroup('sg-app', [permission('tcp', 8080, 8080, { group: 'sg-alb' })]);
const alb = (...egress: ReturnType<typeof permission>[]) => ({
  securityGroups: [securityGroup('sg-alb', [permission('tcp', 80, 80, { cidr: '0.0.0.0/0' })], egress), app],
});
const lb = () => {
  const { loadBalancer } = aSnapshot().evidence;
  if (!loadBalancer.seen) throw new Error('a healthy snapshot has its load balancer');
  return loadBalancer.value;
};
const viaList = { ...permission('tcp', 8080, 8080, {}), prefixListIds: ['pl-1'] };
const fails = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };
const dropped = metrics({
  HTTPCode_ELB_504_Count: lately(9, 117),
  HTTPCode_ELB_5XX_Count: lately(9, 117),
  TargetConnectionErrorCount: lately(9, 117),
});

test.each([
  ['nothing may leave', { ...alb(), ...fails }, 'found decisive'],
  ['HTTPS only may leave', { ...alb(permission('tcp', 443, 443, { cidr: '0.0.0.0/0' })), ...fails }, 'found decisive'],
  ['all ports but the last', { ...alb(permission('tcp', 1, 8079, { group: 'sg-app' })), ...fails }, 'found decisive'],
  ['all ports up to it', { ...alb(permission('tcp', 1, 8080, { group: 'sg-app' })), ...fails }, 'ruled-out'],
  ['to another group', { ...alb(permission('tcp', 8080, 8080, { group: 'sg-old' })), ...fails }, 'found decisive'],
  ['the way out is UDP', { ...alb(permission('udp', 8080, 8080, { group: 'sg-app' })), ...fails }, 'found decisive'],
  ['to the VPC', { ...alb(permission('tcp', 8080, 8080, { cidr: '10.0.0.0/16' })), ...fails }, 'ruled-out'],
  [
    'to one subnet of two',
    { ...alb(permission('tcp', 8080, 8080, { cidr: '10.0.10.0/24' })), ...fails },
    'found decisive',
  ],
  [
    'to both targets by address',
    {
      ...alb(
        permission('tcp', 8080, 8080, { cidr: '10.0.10.11/32' }),
        permission('tcp', 8080, 8080, { cidr: '10.0.11.12/32' }),
      ),
      ...fails,
    },
    'ruled-out',
  ],
  ['closed, but AWS calls the targets healthy on that port', alb(), 'found circumstantial'],
  [
    'closed, but AWS calls half of them healthy on that port',
    { ...alb(), targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] },
    'found circumstantial',
  ],
  [
    'closed, and AWS has not noticed yet at one of three',
    {
      ...alb(),
      targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout'), target('i-3')],
      instances: ['i-1', 'i-2', 'i-3'].map((id) => instance(id)),
    },
    'found decisive',
  ],
  [
    'open for health checks, closed for traffic, requests dropped',
    {
      ...alb(permission('tcp', 9000, 9000, { group: 'sg-app' })),
      targetHealth: [target('i-1', { healthCheckPort: 9000 })],
      loadBalancerMetrics: dropped,
    },
    'found decisive',
  ],
  [
    'open for traffic, closed for health checks',
    {
      ...alb(permission('tcp', 8080, 8080, { group: 'sg-app' })),
      targetHealth: [unhealthy('i-1', 'Target.Timeout', { healthCheckPort: 9000 })],
    },
    'found decisive',
  ],
  [
    'another group of the load balancer lets it out',
    {
      ...fails,
      loadBalancer: { ...lb(), securityGroupIds: ['sg-alb', 'sg-out'] },
      securityGroups: [...alb().securityGroups, securityGroup('sg-out', [])],
    },
    'ruled-out',
  ],
  [
    'another group of the load balancer was not returned',
    {
      ...fails,
      ...alb(),
      loadBalancer: { ...lb(), securityGroupIds: ['sg-alb', 'sg-gone'] },
    },
    'undetermined',
  ],
  [
    'a prefix list that holds the targets',
    { ...fails, ...alb(viaList), prefixLists: [{ id: 'pl-1', cidrs: ['10.0.0.0/16'] }] },
    'ruled-out',
  ],
  [
    'a prefix list that does not hold them',
    { ...fails, ...alb(viaList), prefixLists: [{ id: 'pl-1', cidrs: ['10.0.0.0/23'] }] },
    'found decisive',
  ],
  ['a prefix list that was not read', { ...fails, ...alb(viaList) }, 'undetermined'],
  [
    'prefix lists denied',
    { ...fails, ...alb(viaList), prefixLists: denied('ec2:GetManagedPrefixListEntries') },
    'undetermined',
  ],
  [
    'a Lambda target',
    {
      ...alb(),
      targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })],
      targetGroups: [targetGroup('web', { targetType: 'lambda' })],
    },
    'not-applicable',
  ],
  ['all is open', {}, 'ruled-out'],
  ['security groups denied', { ...fails, securityGroups: denied('ec2:DescribeSecurityGroups') }, 'undetermined'],
  [
    'groups that have nothing to do with it were not returned',
    {
      ...fails,
      securityGroups: partly(alb().securityGroups, { why: 'partial', detail: 'not returned', ids: ['sg-x'] }),
    },
    'found decisive',
  ],
])('%s: %3$s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which group, what it lets out, and the rule that is missing', () => {
  const ill = { ...alb(permission('tcp', 443, 443, { cidr: '0.0.0.0/0' })), ...fails, loadBalancerMetrics: dropped };
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "sg-alb does not allow outbound traffic from the load balancer to port \`8080\` of web [decisive]
      because  sg-alb allows outbound TCP \`443\`: no rule for sg-app on \`8080\`   [securityGroups]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\`; the same for 1 more target   [targetHealth]
      because  1,053 requests answered \`504\` since 14:21, with 1,053 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix      allow outbound traffic from the load balancer to sg-app on port \`8080\`
               aws ec2 authorize-security-group-egress --group-id sg-alb --protocol tcp --port 8080 --source-group sg-app --region us-east-1
         undo  aws ec2 revoke-security-group-egress --group-id sg-alb --protocol tcp --port 8080 --source-group sg-app --region us-east-1"
  `);
});

test('opens the port to the targets only', () => {
  expect(readable(cause, { ...alb(), ...fails })).not.toContain('0.0.0.0/0');
});
