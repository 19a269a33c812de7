import { expect, test } from 'vitest';
import { targetSecurityGroupClosed as rule } from '../../../lambda/rules/network-block/target-security-group-closed.ts';
import {
  denied,
  ingress,
  instance,
  lately,
  metrics,
  partly,
  securityGroup,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const alb = securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]);
const app = (...rules: ReturnType<typeof ingress>[]) => ({ securityGroups: [alb, securityGroup('sg-app', rules)] });
const fails = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };
const closed = app(ingress('tcp', 80, 80, { group: 'sg-alb' }), ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' }));
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
  expect(outcome(rule, ill)).toBe(expected);
});

test('says which group, which port, what it admits, and the rule that is missing', () => {
  expect(readable(rule, { ...closed, ...fails, loadBalancerMetrics: dropped })).toMatchInlineSnapshot(`
    "sg-app does not admit the load balancer on port \`8080\` of web [decisive]
      because  sg-app admits TCP \`22\` and \`80\`: no rule for sg-alb on \`8080\`   [securityGroups]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\` (and 1 more)   [targetHealth]
      because  1,053 requests answered \`504\` since 14:21, with 1,053 connection errors: connections were not made   [loadBalancerMetrics]
      fix      let the load balancer in on port \`8080\`
               aws ec2 authorize-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1
         undo  aws ec2 revoke-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1"
  `);
});

test('opens the port to the load balancer only', () => {
  expect(readable(rule, { ...closed, ...fails })).not.toContain('0.0.0.0/0');
});
