import { describe, expect, test } from 'vitest';
import type { AutoScalingGroup } from '../../../lambda/incident/evidence.ts';
import { noRegisteredTargets as rule } from '../../../lambda/rules/backend-down/no-registered-targets.ts';
import {
  always,
  aRuleTo,
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
import { outcome, readable } from '../../support/judged.ts';

const failing = metrics({ HTTPCode_ELB_503_Count: lately(8, 120), HTTPCode_ELB_5XX_Count: lately(8, 120) });
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
  expect(outcome(rule, ill)).toBe(expected);
});

test('says which group is empty, since when, and how to find out who emptied it', () => {
  expect(readable(rule, { targetHealth: [], loadBalancerMetrics: failing })).toMatchInlineSnapshot(`
    "web gets requests but has no registered target [decisive]
      because  no target is registered in web   [targetHealth]
      because  a rule forwards requests to web   [listenerRules]
      because  960 requests answered \`503\` since 14:22   [loadBalancerMetrics]
      look     find out who took the targets away
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeregisterTargets --start-time 2026-03-10T13:22:00Z --region us-east-1
      fix      register the instances of web again, or start what registers them"
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
  expect(outcome(rule, { targetHealth: [], listenerRules, loadBalancerMetrics })).toBe(expected);
});

test('a group behind a rule that takes everything gets no requests', () => {
  const to = (targetGroup: string) => [{ type: 'forward' as const, to: [{ targetGroup, weight: 1 }] }];
  const listenerRules = [
    { arn: `${LB}/1`, listenerArn: LB, priority: 1, actions: to(green), conditions: ['path is /api/* or /*'] },
    { arn: `${LB}/2`, listenerArn: LB, priority: null, actions: to(TG), conditions: [] },
  ];
  expect(outcome(rule, { targetHealth: [], listenerRules, loadBalancerMetrics: failing })).toBe('ruled-out');
});

test('a 503 that was over three hours ago is no proof', () => {
  expect(outcome(rule, { targetHealth: [], loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: always(3) }) })).toBe(
    'found circumstantial',
  );
});

describe('what Auto Scaling says about it', () => {
  const group = (ill: Partial<AutoScalingGroup>): AutoScalingGroup => ({
    ...{ name: 'web-asg', min: 0, max: 4, desired: 2, healthCheckTypes: ['ELB'], gracePeriod: 300, targetGroups: [TG] },
    ...{ suspendedProcesses: [], instances: [], activities: [], refreshes: [], tags: {} },
    ...ill,
  });
  const failed = {
    ...{ at: '2026-03-10T14:20:00Z', endedAt: null, description: 'Launching a new EC2 instance', cause: '' },
    ...{ status: 'Failed', message: 'We currently do not have sufficient capacity' },
  };
  test.each<[string, Partial<AutoScalingGroup>, RegExp | null]>([
    ['it wants none', { desired: 0 }, /web-asg wants no instance: its desired capacity is `0`/],
    ['it may not register them', { suspendedProcesses: ['AddToLoadBalancer'] }, /registers no new instance/],
    ['it may not launch them', { suspendedProcesses: ['Launch'] }, /launches none/],
    ['it could not launch them', { activities: [failed] }, /could not: We currently do not have sufficient capacity/],
    ['another process is suspended', { suspendedProcesses: ['AZRebalance'] }, null],
    ['it serves another group', { desired: 0, targetGroups: ['other'] }, null],
  ])('%s', (_, ill, expected) => {
    const told = readable(rule, { targetHealth: [], autoScalingGroups: [group(ill)] });
    if (expected === null) expect(told).not.toMatch(/autoScalingGroups/);
    else expect(told).toMatch(expected);
  });
});
