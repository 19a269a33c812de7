import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { beforeEach, describe, expect, test } from 'vitest';
import { ACTIONS, type Aws, COLLECTORS, collect } from '../../lambda/collect/index.ts';
import { schedule } from '../../lambda/collect/scheduler.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import type { Observed } from '../../lambda/incident/observed.ts';
import {
  aRuleTo,
  aSnapshot,
  denied,
  ecsService,
  groupArn,
  type Ill,
  ingress,
  lately,
  metrics,
  securityGroup,
  status,
  target,
  unhealthy,
} from '../support/a-snapshot.ts';
import { mockClient } from '../support/mock-client.ts';
import { accessDenied, anAws, refusal, skipWaits, throttling } from './support.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
const ec2 = mockClient(EC2Client);
const cloudWatch = mockClient(CloudWatchClient);
const autoScaling = mockClient(AutoScalingClient);
const cloudTrail = mockClient(CloudTrailClient);
const lambda = mockClient(LambdaClient);
const ecs = mockClient(ECSClient);
const waf = mockClient(WAFV2Client);

const clients = [elb, ec2, cloudWatch, autoScaling, cloudTrail, lambda, ecs, waf];
const calls = () => clients.reduce((sum, client) => sum + client.calls().length, 0);

function refuseAll(error: Error): void {
  elb.onAnyCommand().rejects(error);
  ec2.onAnyCommand().rejects(error);
  cloudWatch.onAnyCommand().rejects(error);
  autoScaling.onAnyCommand().rejects(error);
  cloudTrail.onAnyCommand().rejects(error);
  lambda.onAnyCommand().rejects(error);
  ecs.onAnyCommand().rejects(error);
  waf.onAnyCommand().rejects(error);
}

function answerNothing(): void {
  elb.onAnyCommand().resolves({});
  ec2.onAnyCommand().resolves({});
  cloudWatch.onAnyCommand().resolves({});
  autoScaling.onAnyCommand().resolves({});
  cloudTrail.onAnyCommand().resolves({});
  lambda.onAnyCommand().resolves({});
  ecs.onAnyCommand().resolves({});
  waf.onAnyCommand().resolves({});
}

beforeEach(() => {
  for (const client of clients) client.reset();
});
skipWaits();

/** Instances, a rule to an empty group, an address tagged by ECS, a function, an alarm, a rule with a prefix list, a 500: every collector has something to ask. */
const everything: Ill = {
  autoScalingInstances: [{ instanceId: 'i-1', group: 'web-asg', lifecycleState: 'InService', healthStatus: 'HEALTHY' }],
  targetHealth: [
    unhealthy('i-1', 'Target.Timeout'),
    target('10.0.10.20'),
    target('arn:aws:lambda:us-east-1:123456789012:function:api'),
  ],
  instanceStatus: [status('i-1', { application: { status: 'impaired', impairedSince: null } })],
  listenerRules: aRuleTo(groupArn('empty')),
  trigger: { kind: 'alarm', at: null, alarmName: 'web-5xx' },
  securityGroups: [securityGroup('sg-alb', [{ ...ingress('tcp', 8080, 8080, {}), prefixListIds: ['pl-1'] }])],
  ecsServices: [ecsService()],
  loadBalancerMetrics: metrics({ HTTPCode_ELB_500_Count: lately(3, 1) }),
  tags: { arn: { 'aws:ecs:clusterName': 'c', 'aws:ecs:serviceName': 's' } },
};

async function read(key: EvidenceKey, ill: Ill, aws: Aws = anAws()): Promise<Observed<unknown> | undefined> {
  const collector = COLLECTORS.find((each) => each.key === key);
  const { question, evidence } = aSnapshot(ill);
  const earlier = Object.keys(evidence).map((name) => ({
    key: name as EvidenceKey,
    after: [],
    actions: [],
    collect: async () => evidence[name as EvidenceKey],
  }));
  const others = earlier.filter((each) => each.key !== key);
  const collected = await schedule(collector === undefined ? others : [...others, collector], question, aws);
  return collected.evidence[key];
}

/** What only shows a shorter way: without it, the long one leads to the same answer. */
const SHORTCUTS: Partial<Record<EvidenceKey, readonly EvidenceKey[]>> = {
  ecsServices: ['tags', 'targetInterfaces'],
  // Read in the same call.
  targetGroupMetrics: ['loadBalancer'],
  zoneMetrics: ['targetGroups'],
};

/** Asked before anything is known. */
const AHEAD: Partial<Record<EvidenceKey, number>> = { ecsServices: 1 };

/** Without errors and failing targets CloudTrail is asked one thing; for more, two calls a second take their time. */
const ALL_IS_WELL: Ill = { targetHealth: [target('i-1')], loadBalancerMetrics: metrics() };
const QUIET: Partial<Record<EvidenceKey, Ill>> = { changes: ALL_IS_WELL, failedCalls: ALL_IS_WELL };

const asking = COLLECTORS.filter(({ actions }) => actions.length > 0);

describe.each(asking)('$key', ({ key, actions, after }) => {
  test.each([
    ['denied', accessDenied],
    ['throttled', throttling],
    ['timed-out', refusal('TimeoutError')],
    ['failed', refusal('InternalFailure', 'oops', 500)],
  ])('that is refused is unseen: %s', async (why, error) => {
    refuseAll(error);
    const observed = await read(key, everything);
    expect(observed).toMatchObject({ seen: false, why, action: actions[0] });
    expect(observed?.source).toContainEqual(expect.objectContaining({ action: actions[0] }));
    expect(observed).toHaveProperty('detail', expect.stringContaining(actions[0] ?? ''));
  });

  const awaited = after.filter((earlier) => !SHORTCUTS[key]?.includes(earlier));
  test.each(awaited)('is unseen, or has a gap, like %s that it waits for, and asks for nothing', async (earlier) => {
    answerNothing();
    const observed = await read(key, { ...everything, ...QUIET[key], [earlier]: denied('ec2:DescribeEarlier') });
    if (observed?.seen) {
      expect(observed.gaps).toContainEqual(expect.objectContaining({ why: 'denied', action: 'ec2:DescribeEarlier' }));
    } else {
      expect(observed).toMatchObject({ why: 'denied', action: 'ec2:DescribeEarlier', source: [] });
      expect(calls()).toBe(AHEAD[key] ?? 0);
    }
  });
});

test('with every call refused, everything is unseen and nothing is thrown', async () => {
  refuseAll(accessDenied);
  const { evidence, cost, collectedAt } = await collect(aSnapshot().question, anAws(), '1.2.3');
  expect(Object.values(evidence).filter((observed) => observed.seen)).toEqual([]);
  expect(cost).toMatchObject({ criticalPath: 2, apiCalls: 9 });
  expect(collectedAt).toBe(aSnapshot().question.at);
});

test('with every answer empty, nothing is mistaken for seen that is not', async () => {
  answerNothing();
  const { evidence } = await collect(aSnapshot().question, anAws(), '1.2.3');
  const whole = Object.entries(evidence).filter(([, observed]) => observed.seen && observed.gaps.length === 0);
  // Add a key only where no answer truly means none; else its collector lacks a gap.
  expect(whole.map(([key]) => key).sort()).toEqual([
    'applicationStatus',
    'autoScalingGroups',
    'autoScalingInstances',
    'consoleOutput',
    'creditModes',
    'ecsServices',
    'ecsTaskDefinitions',
    'ecsTasks',
    'instanceMetrics',
    'instanceStatus',
    'instances',
    'lambdaFunctions',
    'lambdaMetrics',
    'listenerRules',
    'listeners',
    'loadBalancerAttributes',
    'targetGroupAttributes',
    'targetGroupMetrics',
    'targetGroups',
    'targetHealth',
    'targetInterfaces',
    'webAcl',
  ]);
});

test('no collector waits for one that is listed after it', () => {
  const keys = COLLECTORS.map(({ key }) => key);
  const early = COLLECTORS.filter(({ key, after }) => after.some((each) => keys.indexOf(each) >= keys.indexOf(key)));
  expect(early.map(({ key }) => key)).toEqual([]);
});

test('asks for nothing but this', () => {
  expect(ACTIONS).toMatchInlineSnapshot(`
    [
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeInstanceRefreshes",
      "autoscaling:DescribeScalingActivities",
      "cloudtrail:LookupEvents",
      "cloudwatch:DescribeAlarmContributors",
      "cloudwatch:DescribeAlarmHistory",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetAlarmMuteRule",
      "cloudwatch:GetMetricData",
      "cloudwatch:ListAlarmMuteRules",
      "cloudwatch:ListTagsForResource",
      "ec2:DescribeApplicationStatus",
      "ec2:DescribeApplicationStatusChecks",
      "ec2:DescribeInstanceCreditSpecifications",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:GetConsoleOutput",
      "ec2:GetManagedPrefixListEntries",
      "ecs:DescribeContainerInstances",
      "ecs:DescribeServices",
      "ecs:DescribeTaskDefinition",
      "ecs:DescribeTasks",
      "ecs:ListClusters",
      "ecs:ListServices",
      "ecs:ListTasks",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "lambda:GetFunctionConcurrency",
      "lambda:GetFunctionConfiguration",
      "lambda:GetPolicy",
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
    ]
  `);
});
