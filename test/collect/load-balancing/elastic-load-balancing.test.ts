import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type RuleCondition,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, expect, test } from 'vitest';
import { listenerRules } from '../../../lambda/collect/load-balancing/listener-rules.ts';
import { listeners } from '../../../lambda/collect/load-balancing/listeners.ts';
import { loadBalancer } from '../../../lambda/collect/load-balancing/load-balancer.ts';
import { loadBalancerAttributes } from '../../../lambda/collect/load-balancing/load-balancer-attributes.ts';
import { tags } from '../../../lambda/collect/load-balancing/tags.ts';
import { targetGroupAttributes } from '../../../lambda/collect/load-balancing/target-group-attributes.ts';
import { targetGroups } from '../../../lambda/collect/load-balancing/target-groups.ts';
import { targetHealth } from '../../../lambda/collect/load-balancing/target-health.ts';
import { groupArn, LB, partly, TG, target, targetGroup } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, read, refusal, throttling } from '../support.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const LISTENER =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
const RULE = LISTENER.replace(':listener/', ':listener-rule/');

test('a load balancer', async () => {
  elb.on(DescribeLoadBalancersCommand, { LoadBalancerArns: [LB] }).resolves({
    LoadBalancers: [
      {
        LoadBalancerArn: LB,
        DNSName: 'web-1234567890.us-east-1.elb.amazonaws.com',
        CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
        CreatedTime: new Date('2026-02-08T14:30:00.120Z'),
        LoadBalancerName: 'web',
        Scheme: 'internet-facing',
        VpcId: 'vpc-1',
        State: { Code: 'active_impaired', Reason: 'Lacks resources to scale' },
        Type: 'application',
        AvailabilityZones: [{ ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: [] }],
        SecurityGroups: ['sg-1'],
        IpAddressType: 'ipv4',
      },
    ],
  });
  expect(await read(loadBalancer)).toMatchObject({
    value: {
      arn: LB,
      name: 'web',
      dnsName: 'web-1234567890.us-east-1.elb.amazonaws.com',
      scheme: 'internet-facing',
      ipAddressType: 'ipv4',
      vpcId: 'vpc-1',
      state: { code: 'active_impaired', reason: 'Lacks resources to scale' },
      securityGroupIds: ['sg-1'],
      zones: [{ zone: 'us-east-1a', subnetId: 'subnet-1' }],
      createdAt: '2026-02-08T14:30:00Z',
    },
  });
});

test('a load balancer that is gone is unseen', async () => {
  elb.onAnyCommand().resolves({ LoadBalancers: [] });
  expect(await read(loadBalancer)).toMatchObject({ seen: false, why: 'failed', detail: expect.stringContaining(LB) });
});

test('a load balancer that was described to find it is not described again', async () => {
  const aws = anAws();
  elb.onAnyCommand().resolves({ LoadBalancers: [{ LoadBalancerArn: LB }] });
  const first = await read(loadBalancer, {}, aws);
  if (first.seen) aws.loadBalancers.set(LB, first.value);
  await read(loadBalancer, {}, aws);
  expect(elb.calls()).toHaveLength(1);
});

test('attributes by their keys', async () => {
  elb
    .on(DescribeLoadBalancerAttributesCommand, { LoadBalancerArn: LB })
    .resolves({ Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '60' }, { Key: 'access_logs.s3.bucket' }] });
  expect(await read(loadBalancerAttributes)).toMatchObject({
    value: { 'idle_timeout.timeout_seconds': '60', 'access_logs.s3.bucket': '' },
  });
});

test('listeners of both pages', async () => {
  const https = { ListenerArn: `${LISTENER}b`, Port: 443, Protocol: 'HTTPS' as const, SslPolicy: 'TLS13' };
  elb
    .on(DescribeListenersCommand)
    .resolves({ Listeners: [{ ListenerArn: LISTENER, Port: 80, Protocol: 'HTTP' }], NextMarker: 'm' })
    .on(DescribeListenersCommand, { LoadBalancerArn: LB, Marker: 'm' })
    .resolves({ Listeners: [https] });
  expect(await read(listeners)).toMatchObject({
    value: [
      { arn: LISTENER, port: 80, protocol: 'HTTP', sslPolicy: null },
      { arn: `${LISTENER}b`, port: 443, protocol: 'HTTPS', sslPolicy: 'TLS13' },
    ],
    gaps: [],
  });
});

const aListener = { arn: LISTENER, port: 80, protocol: 'HTTP', sslPolicy: null };

test('rules by their priority, the default rule last, whatever order AWS has them in', async () => {
  elb.on(DescribeRulesCommand).resolves({
    Rules: [
      { RuleArn: `${RULE}/d`, Priority: 'default', IsDefault: true },
      { RuleArn: `${RULE}/100`, Priority: '100', IsDefault: false },
      { RuleArn: `${RULE}/9`, Priority: '9', IsDefault: false },
    ],
  });
  const observed = await read(listenerRules, { listeners: [aListener] });
  expect(observed.seen && observed.value.map(({ priority }) => priority)).toEqual([9, 100, null]);
});

test.each<[name: string, actions: Action[], expected: unknown]>([
  [
    'a plain forward',
    [{ Type: 'forward', TargetGroupArn: TG }],
    [{ type: 'forward', to: [{ targetGroup: TG, weight: 1 }] }],
  ],
  [
    'a weighted forward, which AWS says twice where it has one group',
    [{ Type: 'forward', TargetGroupArn: TG, ForwardConfig: { TargetGroups: [{ TargetGroupArn: TG, Weight: 0 }] } }],
    [{ type: 'forward', to: [{ targetGroup: TG, weight: 0 }] }],
  ],
  [
    'a fixed response',
    [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
    [{ type: 'fixed-response', statusCode: '503' }],
  ],
  [
    'a fixed response that says something',
    [
      {
        Type: 'fixed-response',
        FixedResponseConfig: { StatusCode: '503', MessageBody: 'Backend service does not exist' },
      },
    ],
    [{ type: 'fixed-response', statusCode: '503', body: 'Backend service does not exist' }],
  ],
  [
    'authentication before a forward, by their order',
    [
      { Type: 'forward', Order: 2, TargetGroupArn: TG },
      { Type: 'authenticate-oidc', Order: 1 },
    ],
    [
      { type: 'other', name: 'authenticate-oidc' },
      { type: 'forward', to: [{ targetGroup: TG, weight: 1 }] },
    ],
  ],
])('%s', async (_, Actions, expected) => {
  elb.on(DescribeRulesCommand).resolves({ Rules: [{ RuleArn: RULE, Priority: '1', Actions }] });
  expect(await read(listenerRules, { listeners: [aListener] })).toMatchObject({ value: [{ actions: expected }] });
});

test.each<[condition: RuleCondition, words: string]>([
  [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } }, 'path is /api/*'],
  [{ Field: 'path-pattern', Values: ['/a', '/b'] }, 'path is /a or /b'],
  [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/v[0-9]'] } }, 'path matches ^/v[0-9]'],
  [{ Field: 'host-header', HostHeaderConfig: { Values: ['example.com'] } }, 'host is example.com'],
  [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET', 'POST'] } }, 'method is GET or POST'],
  [{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } }, 'source IP is 10.0.0.0/8'],
  // It may be a secret, such as the one that CloudFront shows.
  [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X', Values: ['y', 'z'] } }, 'header X is (a value)'],
  [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X', RegexValues: ['^y'] } }, 'header X is (a value)'],
  [
    { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a', Value: 'b' }, { Value: 'c' }] } },
    'query string a is (a value) or query string is (a value)',
  ],
])('a condition as a person reads it: %o', async (condition, words) => {
  elb.on(DescribeRulesCommand).resolves({ Rules: [{ RuleArn: RULE, Priority: '1', Conditions: [condition] }] });
  expect(await read(listenerRules, { listeners: [aListener] })).toMatchObject({ value: [{ conditions: [words] }] });
});

test('rules of a listener that are refused are a gap with its ARN; the rest is seen', async () => {
  const other = { ...aListener, arn: `${LISTENER}b` };
  elb
    .on(DescribeRulesCommand, { ListenerArn: LISTENER })
    .resolves({ Rules: [{ RuleArn: RULE, Priority: '1' }] })
    .on(DescribeRulesCommand, { ListenerArn: other.arn })
    .rejects(throttling);
  expect(await read(listenerRules, { listeners: [aListener, other] })).toMatchObject({
    value: [{ arn: RULE }],
    gaps: [{ why: 'throttled', ids: [other.arn], action: 'elasticloadbalancing:DescribeRules' }],
  });
});

test('target groups of both pages, a Lambda one and a gRPC one among them', async () => {
  const lambda = {
    TargetGroupArn: groupArn('fn'),
    TargetGroupName: 'fn',
    TargetType: 'lambda' as const,
    HealthCheckEnabled: false,
  };
  const grpc = { TargetGroupArn: groupArn('grpc'), TargetType: 'ip' as const, Matcher: { GrpcCode: '12' } };
  elb
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [lambda], NextMarker: 'm' })
    .on(DescribeTargetGroupsCommand, { LoadBalancerArn: LB, Marker: 'm' })
    .resolves({ TargetGroups: [grpc] });
  expect(await read(targetGroups)).toMatchObject({
    value: [
      {
        name: 'fn',
        targetType: 'lambda',
        protocol: null,
        port: null,
        vpcId: null,
        healthCheck: { enabled: false, matcher: null },
      },
      { targetType: 'ip', healthCheck: { enabled: true, matcher: '12' } },
    ],
  });
});

test.each<[name: string, described: TargetHealthDescription, expected: object]>([
  [
    'healthy',
    {
      Target: { Id: 'i-1', Port: 8080 },
      HealthCheckPort: '8081',
      TargetHealth: { State: 'healthy' },
      AdministrativeOverride: { State: 'no_override' },
    },
    {
      id: 'i-1',
      port: 8080,
      zone: null,
      healthCheckPort: 8081,
      state: 'healthy',
      reason: null,
      override: null,
      mitigated: false,
    },
  ],
  [
    'unhealthy',
    {
      Target: { Id: '10.0.0.9', Port: 80, AvailabilityZone: 'all' },
      TargetHealth: { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' },
      AnomalyDetection: { Result: 'anomalous', MitigationInEffect: 'yes' },
    },
    {
      zone: 'all',
      state: 'unhealthy',
      reason: 'Target.Timeout',
      description: 'Request timed out',
      anomalous: true,
      mitigated: true,
    },
  ],
  [
    'shifted away from',
    { TargetHealth: { State: 'healthy' }, AdministrativeOverride: { State: 'zonal_shift_active' } },
    { override: 'zonal_shift_active' },
  ],
])('a target that is %s', async (_, described, expected) => {
  elb.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [described] });
  expect(await read(targetHealth)).toMatchObject({ value: [{ targetGroup: TG, ...expected }] });
});

test('a group without targets is seen to have none', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({ TargetHealthDescriptions: [] });
  expect(await read(targetHealth)).toMatchObject({ seen: true, value: [], gaps: [] });
});

const groups = { targetGroups: [targetGroup('web'), targetGroup('api'), targetGroup('old')] };

test('groups whose health is refused are one gap with their ARNs', async () => {
  elb
    .on(DescribeTargetHealthCommand)
    .rejects(throttling)
    .on(DescribeTargetHealthCommand, { TargetGroupArn: TG })
    .resolves({ TargetHealthDescriptions: [{ Target: { Id: 'i-1' }, TargetHealth: { State: 'healthy' } }] });
  const observed = await read(targetHealth, groups);
  expect(observed.seen && observed.value.map(({ id }) => id)).toEqual([target('i-1').id]);
  expect(observed.seen && observed.gaps).toMatchObject([{ why: 'throttled', ids: [groupArn('api'), groupArn('old')] }]);
});

test('a group that was deleted meanwhile is a gap of its own beside one that is refused', async () => {
  elb
    .on(DescribeTargetHealthCommand)
    .resolves({})
    .on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn('api') })
    .rejects(accessDenied)
    .on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn('old') })
    .rejects(refusal('TargetGroupNotFoundException'));
  expect(await read(targetHealth, groups)).toMatchObject({
    gaps: [
      { why: 'denied', ids: [groupArn('api')] },
      { why: 'failed', ids: [groupArn('old')], detail: expect.stringContaining('TargetGroupNotFound') },
    ],
  });
});

test('groups that were not read whole leave their health with the same gap', async () => {
  elb.on(DescribeTargetHealthCommand).resolves({});
  const gap = { why: 'throttled', detail: 'the second page' } as const;
  const observed = await read(targetHealth, { targetGroups: partly([targetGroup()], gap) });
  expect(observed).toMatchObject({ seen: true, gaps: [gap] });
});

test('group attributes by group, one refused', async () => {
  elb
    .on(DescribeTargetGroupAttributesCommand)
    .resolves({ Attributes: [{ Key: 'slow_start.duration_seconds', Value: '30' }] })
    .on(DescribeTargetGroupAttributesCommand, { TargetGroupArn: groupArn('old') })
    .rejects(accessDenied);
  const attributes = { 'slow_start.duration_seconds': '30' };
  expect(await read(targetGroupAttributes, groups)).toMatchObject({
    value: { [TG]: attributes, [groupArn('api')]: attributes },
    gaps: [{ why: 'denied', ids: [groupArn('old')] }],
  });
});

test('tags by ARN, twenty a call, and those that do not come back', async () => {
  const many = Array.from({ length: 20 }, (_, n) => targetGroup(`g${n}`));
  elb.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { ResourceArns: string[] }) => ({
    TagDescriptions: ResourceArns.filter((arn) => arn !== groupArn('g7')).map((ResourceArn) => ({
      ResourceArn,
      Tags: [{ Key: 'team', Value: 'shop' }],
    })),
  }));
  const observed = await read(tags, { targetGroups: many });
  expect(elb.commandCalls(DescribeTagsCommand).map(({ args }) => args[0].input.ResourceArns?.length)).toEqual([20, 1]);
  expect(observed).toMatchObject({
    value: { [LB]: { team: 'shop' } },
    gaps: [{ why: 'partial', ids: [groupArn('g7')] }],
  });
});
