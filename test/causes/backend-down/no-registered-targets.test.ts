import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/no-registered-targets/cause.ts';
import { CAUSES } from '../../../lambda/causes/index.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import type { AutoScalingGroup } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  denied,
  groupArn,
  LB,
  lately,
  metrics,
  partly,
  TG,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { activity, launch, launchFailed, member, scalingGroup, shrunk } from '../../support/auto-scaling.ts';
import { outcome, readable } from '../../support/judged.ts';

const failing = metrics({ HTTPCode_ELB_503_Count: lately(8, 120), HTTPCode_ELB_5XX_Count: lately(8, 120) });
const LACKS =
  'We currently do not have sufficient g5.xlarge capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity.';
const unused = (reason: string) => target('i-1', { state: 'unused', reason });
const green = groupArn('green');
const idleGreen = {
  targetGroups: [targetGroup('web'), targetGroup('green')],
  listenerRules: [
    {
      arn: `${LB}/rule`,
      listenerArn: LB,
      priority: null,
      actions: [
        {
          type: 'forward' as const,
          to: [
            { targetGroup: TG, weight: 1 },
            { targetGroup: green, weight: 0 },
          ],
        },
      ],
      conditions: [],
    },
  ],
};

test.each([
  [
    'no target is registered, and requests get 503',
    { targetHealth: [], loadBalancerMetrics: failing },
    'found decisive',
  ],
  ['no target is registered, no 503 seen', { targetHealth: [] }, 'found circumstantial'],
  [
    'no target is registered, metrics unseen',
    { targetHealth: [], loadBalancerMetrics: denied() },
    'found circumstantial',
  ],
  [
    'the only target is not usable by its address',
    { targetHealth: [unused('Target.IpUnusable')], loadBalancerMetrics: failing },
    'found decisive',
  ],
  [
    'the only target is a stopped instance: a cause of its own',
    { targetHealth: [unused('Target.InvalidState')], loadBalancerMetrics: failing },
    'ruled-out',
  ],
  [
    'the only target is in a zone that is not enabled: a cause of its own',
    { targetHealth: [unused('Target.NotInUse')], loadBalancerMetrics: failing },
    'ruled-out',
  ],
  [
    'all targets are unhealthy: the load balancer sends to them all the same',
    { targetHealth: [target('i-1', { state: 'unhealthy' })] },
    'ruled-out',
  ],
  ['one of two targets is left', { targetHealth: [target('i-1')] }, 'ruled-out'],
  ['an empty group has weight 0', idleGreen, 'ruled-out'],
  ['health was denied', { targetHealth: denied() }, 'undetermined'],
  ['rules were denied', { targetHealth: [], listenerRules: denied() }, 'undetermined'],
  [
    'the health of the empty group is what could not be read',
    { targetHealth: partly([], { why: 'throttled', detail: 'throttled', ids: [TG] }), loadBalancerMetrics: failing },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which group is empty, since when, and how to find out who emptied it', () => {
  expect(readable(cause, { targetHealth: [], loadBalancerMetrics: failing })).toMatchInlineSnapshot(`
    "web gets requests but has no registered target [decisive]
      because  no target is registered with web   [targetHealth]
      because  a rule forwards requests to web   [listenerRules]
      because  960 requests answered \`503\` since 14:22   [loadBalancerMetrics]
      fix      register the instances with web again, or start what registers them
      look     find out who deregistered the targets
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeregisterTargets --start-time 2026-03-10T13:22:00Z --region us-east-1"
  `);
});

test.each<[string, 'HTTP_Fixed_Response_Count' | 'TargetControlRequestRejectCount', string, string]>([
  ['a rule answers 503 on purpose', 'HTTP_Fixed_Response_Count', '503', 'found circumstantial'],
  ['a rule answers 200 on purpose: none of the 503s', 'HTTP_Fixed_Response_Count', '200', 'found decisive'],
  ['target optimizer rejects requests', 'TargetControlRequestRejectCount', '200', 'found circumstantial'],
])('503s of which others account for all: %s', (_, name, statusCode, expected) => {
  const loadBalancerMetrics = metrics({ HTTPCode_ELB_503_Count: lately(8, 120), [name]: lately(8, 120) });
  const listenerRules = [
    {
      arn: `${LB}/1`,
      listenerArn: LB,
      priority: 1,
      actions: [{ type: 'fixed-response' as const, statusCode }],
      conditions: ['path is /ping'],
    },
    ...aRuleTo(TG),
  ];
  expect(outcome(cause, { targetHealth: [], listenerRules, loadBalancerMetrics })).toBe(expected);
});

test('a group behind a rule that takes everything gets no requests', () => {
  const to = (targetGroup: string) => [{ type: 'forward' as const, to: [{ targetGroup, weight: 1 }] }];
  const listenerRules = [
    { arn: `${LB}/1`, listenerArn: LB, priority: 1, actions: to(green), conditions: ['path is /api/* or /*'] },
    { arn: `${LB}/2`, listenerArn: LB, priority: null, actions: to(TG), conditions: [] },
  ];
  expect(outcome(cause, { targetHealth: [], listenerRules, loadBalancerMetrics: failing })).toBe('ruled-out');
});

test('a 503 that was over three hours ago is no proof', () => {
  expect(
    outcome(cause, { targetHealth: [], loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: always(3) }) }),
  ).toBe('found circumstantial');
});

describe('what Auto Scaling says about it', () => {
  const NONE = { instances: [] };
  const byDave = shrunk('14:21', 'a user request update of AutoScalingGroup constraints to min: 0, max: 0,', 2, 0);
  const empty = (ill: Partial<AutoScalingGroup>) =>
    readable(cause, { targetHealth: [], loadBalancerMetrics: failing, autoScalingGroups: [scalingGroup(ill)] });

  test.each<[string, Partial<AutoScalingGroup>, RegExp | null]>([
    ['it wants none', { ...NONE, desired: 0 }, /web-asg launches no instance: its desired capacity is `0`/],
    ['who wanted none', { ...NONE, desired: 0, activities: [byDave] }, /at 14:21: "a user request .* from 2 to 0" /],
    ['it may not register them', { ...NONE, suspendedProcesses: ['AddToLoadBalancer'] }, /registers no new instance/],
    ['those in service are not registered', {}, /i-1 and i-2 in service are of .* not registered with web/],
    ['it may not launch them', { ...NONE, suspendedProcesses: ['Launch'] }, /launches none/],
    [
      'a hook holds them back',
      { instances: [member('i-8', 'Pending:Wait')], activities: [launch('14:05', 'i-8')] },
      /a lifecycle hook of .* holds i-8 back from service since 14:05/,
    ],
    [
      'it could not launch them',
      { ...NONE, activities: [launchFailed('14:20', 'You have reached your quota. Ask for more.')] },
      /could not launch an instance at 14:20: "You have reached your quota" /,
    ],
    [
      'Spot capacity was taken back',
      { ...NONE, activities: [activity('14:20', 'Terminating EC2 instance: i-7', { cause: 'a Spot interruption' })] },
      /AWS took Spot capacity back from .* at 14:20: i-7/,
    ],
    ['another process is suspended', { ...NONE, suspendedProcesses: ['AZRebalance'] }, null],
    ['it serves another group', { desired: 0, targetGroups: ['other'] }, null],
  ])('%s', (_, ill, expected) => {
    if (expected === null) expect(empty(ill)).not.toMatch(/autoScalingGroups/);
    else expect(empty(ill)).toMatch(expected);
  });

  test.each<[string, Partial<AutoScalingGroup>, string]>([
    ['it wants none', { ...NONE, desired: 0, suspendedProcesses: ['Launch'] }, ': web-asg has desired capacity 0 ['],
    ['it may not register them', { suspendedProcesses: ['AddToLoadBalancer'] }, ': web-asg registers none ['],
    ['it may not launch them', { ...NONE, suspendedProcesses: ['Launch'] }, ': web-asg launches none ['],
    ['it cannot', { ...NONE, activities: [launchFailed('14:20', 'no capacity')] }, ': web-asg cannot launch any ['],
    [
      'AWS lacks capacity',
      { ...NONE, activities: [launchFailed('14:20', LACKS)] },
      ': web-asg cannot launch any, as AWS has no `g5.xlarge` capacity in `us-east-1a` [',
    ],
    [
      'a quota is used up',
      { ...NONE, activities: [launchFailed('14:20', 'more vCPU capacity than your current vCPU limit of 32 allows')] },
      ': web-asg cannot launch any, as the vCPU quota is used up [',
    ],
    ['a hook', { instances: [member('i-8', 'Pending:Wait')] }, ': a hook of web-asg holds them back ['],
    ['nobody registered them', {}, ': those of web-asg are not registered ['],
    ['nothing', NONE, 'has no registered target ['],
  ])('its headline says why: %s', (_, ill, expected) => {
    expect(empty(ill).split('\n')[0]).toContain(expected);
  });

  test('lets it register instances again, and registers those that it has', () => {
    expect(empty({ suspendedProcesses: ['AddToLoadBalancer'] })).toMatchInlineSnapshot(`
      "web gets requests but has no registered target: web-asg registers none [decisive]
        because  no target is registered with web   [targetHealth]
        because  a rule forwards requests to web   [listenerRules]
        because  960 requests answered \`503\` since 14:22   [loadBalancerMetrics]
        because  Auto Scaling group web-asg registers no new instance: \`AddToLoadBalancer\` is suspended, and i-1 and i-2 in service are not registered   [autoScalingGroups]
        fix 1/2  let web-asg register instances again
                 aws autoscaling resume-processes --auto-scaling-group-name web-asg --scaling-processes AddToLoadBalancer --region us-east-1
           undo  aws autoscaling suspend-processes --auto-scaling-group-name web-asg --scaling-processes AddToLoadBalancer --region us-east-1
        fix 2/2  register the 2 instances in service: Auto Scaling does not do so afterwards
                 aws elbv2 register-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1 Id=i-2 --region us-east-1
           undo  aws elbv2 deregister-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1 Id=i-2 --region us-east-1
        look     find out who deregistered the targets
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeregisterTargets --start-time 2026-03-10T13:22:00Z --region us-east-1"
    `);
  });

  test('has as many instances again as before it was made smaller', () => {
    expect(empty({ ...NONE, desired: 0, max: 0, activities: [byDave] })).toMatchInlineSnapshot(`
      "web gets requests but has no registered target: web-asg has desired capacity 0 [decisive] since 2026-03-10T14:21:00Z
        because  no target is registered with web   [targetHealth]
        because  a rule forwards requests to web   [listenerRules]
        because  960 requests answered \`503\` since 14:22   [loadBalancerMetrics]
        because  Auto Scaling group web-asg launches no instance: its desired capacity is \`0\`   [autoScalingGroups]
        because  at 14:21: "a user request update of AutoScalingGroup constraints to min: 0, max: 0, changing the desired capacity from 2 to 0"   [autoScalingGroups]
        fix      run 2 instances again, as before 14:21
                 aws autoscaling update-auto-scaling-group --auto-scaling-group-name web-asg --min-size 0 --max-size 2 --desired-capacity 2 --region us-east-1
           undo  aws autoscaling update-auto-scaling-group --auto-scaling-group-name web-asg --min-size 0 --max-size 0 --desired-capacity 0 --region us-east-1"
    `);
  });

  const draining = [target('i-1', { state: 'draining', reason: 'Target.DeregistrationInProgress' })];
  test.each<[string, number, string]>([
    ['it wants none', 0, 'found decisive'],
    ['others are to come', 1, 'ruled-out'],
  ])('what still drains is the last of it where %s', (_, desired, expected) => {
    const autoScalingGroups = [scalingGroup({ ...NONE, desired })];
    expect(outcome(cause, { targetHealth: draining, loadBalancerMetrics: failing, autoScalingGroups })).toBe(expected);
  });

  test('that another group fills it is no wish for none', () => {
    const autoScalingGroups = [scalingGroup({ ...NONE, desired: 0 }), scalingGroup({ ...NONE, name: 'spot-asg' })];
    expect(outcome(cause, { targetHealth: draining, loadBalancerMetrics: failing, autoScalingGroups })).toBe(
      'ruled-out',
    );
  });

  const by = (who: string, from: number, to: number) => shrunk('14:21', who, from, to);
  test.each<[string, Partial<AutoScalingGroup>, string, string]>([
    [
      'by a schedule',
      { activities: [by('a scheduled action', 3, 0)] },
      'run 3 instances again, as before 14:21\n',
      'may do so',
    ],
    [
      'by a policy',
      { activities: [by('a monitor alarm low in state ALARM triggered policy in', 3, 0)] },
      'run 3 instances again, as before 14:21; what scaled it in may do so again',
      'one instance',
    ],
    ['nobody knows when', {}, 'run one instance in web-asg to begin with: how many there were is not known', 'again'],
    [
      'after what was read',
      { activities: [by('a user request', 3, 1)] },
      'run one instance in web-asg to begin with',
      '3 instances',
    ],
  ])('set to none: %s', (_, ill, says, never) => {
    const told = empty({ ...NONE, desired: 0, ...ill });
    expect(told).toContain(says);
    expect(told).not.toContain(never);
    expect(told).not.toContain('DeregisterTargets');
  });

  test.each<[string, string, number, string]>([
    ['a person', 'a user request update of AutoScalingGroup constraints to min: 0,', 0, 'no-registered-targets'],
    ['a schedule', 'a scheduled action update of AutoScalingGroup constraints to min: 0,', 0, 'no-registered-targets'],
    ['a policy', 'a monitor alarm low in state ALARM triggered policy in', 0, 'no-registered-targets'],
  ])('that it wants none, by %s, stands above what left for it', (_, who, to, expected) => {
    const autoScalingGroups = [scalingGroup({ ...NONE, desired: to, activities: [by(who, 2, to), by(who, 2, to)] })];
    const ill = { targetHealth: [], instances: [], loadBalancerMetrics: failing, autoScalingGroups };
    const { findings } = diagnose(aSnapshot(ill), CAUSES);
    expect(findings[0]?.cause).toBe(expected);
    const left = findings.find((one) => one.cause === 'deployment-replacing-targets');
    expect(left?.symptomOf ?? 'no-registered-targets').toBe('no-registered-targets');
  });

  test('that it was set to none amid other errors is no cause of these', () => {
    const errors = metrics({ HTTPCode_ELB_503_Count: lately(60, 120), HTTPCode_ELB_5XX_Count: lately(60, 120) });
    const autoScalingGroups = [scalingGroup({ ...NONE, desired: 0, activities: [by('a user request', 2, 0)] })];
    expect(readable(cause, { targetHealth: [], loadBalancerMetrics: errors, autoScalingGroups })).toContain(
      '[circumstantial]',
    );
  });

  test.each<[string, Partial<AutoScalingGroup>, string]>([
    ['a hook', { instances: [member('i-8', 'Pending:Wait')] }, 'describe-lifecycle-hooks'],
    ['launches', { ...NONE, activities: [launchFailed('14:20', 'no capacity')] }, 'describe-scaling-activities'],
  ])('shows where to look at %s', (_, ill, expected) => {
    expect(empty(ill)).toContain(expected);
  });
});
