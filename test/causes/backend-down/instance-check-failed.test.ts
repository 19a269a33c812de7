import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/instance-check-failed/cause.ts';
import {
  always,
  between,
  denied,
  instance,
  instanceMetrics,
  lately,
  metrics,
  NOW,
  status,
  target,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { deniedBecause, outcome, readable } from '../../support/judged.ts';

const impaired = { status: 'impaired', impairedSince: '2026-03-10T14:21:00Z' };
const event = (ill: object) => ({
  events: [
    {
      code: 'instance-retirement',
      description: 'The instance is running on degraded hardware',
      notBefore: NOW,
      notAfter: null,
      ...ill,
    },
  ],
});
const fails = [unhealthy('i-1', 'Target.Timeout'), target('i-2')];
const errors = metrics({ HTTPCode_ELB_504_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) });
const blip = instanceMetrics({ 'i-1': { StatusCheckFailed: between(9, 4, 1) } });

test.each([
  [
    'the instance check is impaired and the target fails',
    { targetHealth: fails, instanceStatus: [status('i-1', { instance: impaired }), status('i-2')] },
    'found decisive',
  ],
  [
    'the system check is impaired and the target fails',
    { targetHealth: fails, instanceStatus: [status('i-1', { system: impaired })] },
    'found decisive',
  ],
  [
    'the volumes do no I/O and the target fails',
    { targetHealth: fails, instanceStatus: [status('i-1', { attachedEbs: impaired })] },
    'found decisive',
  ],
  [
    'impaired, but its target is healthy',
    { instanceStatus: [status('i-1', { instance: impaired })] },
    'found circumstantial',
  ],
  [
    'one impaired fails, another impaired serves',
    {
      targetHealth: fails,
      instanceStatus: [status('i-1', { instance: impaired }), status('i-2', { instance: impaired })],
    },
    'found decisive, found circumstantial',
  ],
  [
    'a scheduled event is in progress',
    { targetHealth: fails, instanceStatus: [status('i-1', event({}))] },
    'found decisive',
  ],
  [
    'a scheduled event is still to come',
    { targetHealth: fails, instanceStatus: [status('i-1', event({ notBefore: '2026-03-11T00:00:00Z' }))] },
    'ruled-out',
  ],
  [
    'a scheduled event is completed',
    { targetHealth: fails, instanceStatus: [status('i-1', event({ description: '[Completed] The instance…' }))] },
    'ruled-out',
  ],
  [
    'it failed as the errors began and has recovered',
    { loadBalancerMetrics: errors, instanceMetrics: blip },
    'found strong',
  ],
  [
    'it failed long before the errors began',
    {
      loadBalancerMetrics: errors,
      instanceMetrics: instanceMetrics({ 'i-1': { StatusCheckFailed: between(90, 60, 1) } }),
    },
    'ruled-out',
  ],
  [
    'a check is initializing',
    {
      targetHealth: fails,
      instanceStatus: [status('i-1', { instance: { status: 'initializing', impairedSince: null } })],
    },
    'ruled-out',
  ],
  [
    'an instance that is no target is impaired',
    { instanceStatus: [status('i-9', { instance: impaired })] },
    'ruled-out',
  ],
  ['all checks pass', { targetHealth: fails }, 'ruled-out'],
  ['no target is an instance', { targetHealth: [target('10.0.10.21')] }, 'not-applicable'],
  ['status was denied', { instanceStatus: denied('ec2:DescribeInstanceStatus') }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which check of which instance fails since when, and how to mend it', () => {
  const instanceStatus = [status('i-1', { instance: impaired }), status('i-2')];
  expect(readable(cause, { targetHealth: fails, instanceStatus, loadBalancerMetrics: errors })).toMatchInlineSnapshot(`
    "i-1 fails its EC2 instance check [decisive] since 2026-03-10T14:21:00Z
      because  i-1: instance check \`impaired\` since 14:21   [instanceStatus]
      because  i-1 is \`unhealthy\`: \`Target.Timeout\`   [targetHealth]
      fix      reboot i-1
               aws ec2 reboot-instances --instance-ids i-1 --region us-east-1"
  `);
});

test('a failing host takes a stop and a start, unless Auto Scaling owns the instance', () => {
  const instanceStatus = [status('i-1', { system: impaired })];
  const ill = { targetHealth: fails, instanceStatus, loadBalancerMetrics: errors };
  expect(readable(cause, ill)).toContain('aws ec2 stop-instances --instance-ids i-1');
  const owned = [instance('i-1', { tags: { 'aws:autoscaling:groupName': 'web-asg' } })];
  expect(readable(cause, { ...ill, instances: owned })).toContain('reboot i-1 (managed by Auto Scaling group web-asg)');
  expect(readable(cause, { ...ill, instances: owned })).not.toContain('stop-instances');
});

test('an instance whose checks never failed is no finding, whatever the load balancer answers', () => {
  const calm = instanceMetrics({ 'i-1': { StatusCheckFailed: always(0) } });
  expect(outcome(cause, { loadBalancerMetrics: errors, instanceMetrics: calm })).toBe('ruled-out');
});

describe('what passes the status checks', () => {
  const as = (id: string, said: string) =>
    status(id, { system: { status: said, impairedSince: null }, instance: { status: said, impairedSince: null } });
  test.each([
    ['both', [status('i-1'), status('i-2')], '2 instances behind the targets pass the EC2 status checks'],
    [
      'not one that is gone',
      [status('i-1'), as('i-2', 'not-applicable')],
      '1 instance behind the targets passes the EC2 status checks; for 1 more EC2 reports no failed check',
    ],
    [
      'none that just starts',
      [as('i-1', 'initializing')],
      'EC2 reports no failed status check for 1 instance behind the targets',
    ],
  ])('%s', (_, instanceStatus, says) => {
    expect(deniedBecause(cause, { instanceStatus })).toBe(says);
  });

  test('one that is gone has not recovered', () => {
    const instanceStatus = [as('i-1', 'not-applicable'), status('i-2')];
    expect(outcome(cause, { loadBalancerMetrics: errors, instanceMetrics: blip, instanceStatus })).toBe('ruled-out');
  });
});
