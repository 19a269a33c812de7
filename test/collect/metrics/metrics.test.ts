import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Aws } from '../../../lambda/collect/aws.ts';
import { instanceMetrics } from '../../../lambda/collect/metrics/instance-metrics.ts';
import { loadBalancerMetrics } from '../../../lambda/collect/metrics/load-balancer-metrics.ts';
import { serviceMetrics } from '../../../lambda/collect/metrics/service-metrics.ts';
import { targetGroupMetrics } from '../../../lambda/collect/metrics/target-group-metrics.ts';
import { zoneMetrics } from '../../../lambda/collect/metrics/zone-metrics.ts';
import {
  aSnapshot,
  denied,
  groupArn,
  LB,
  newest,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { anAws, read, throttling } from '../support.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  cloudWatch.reset();
});

const inputs = () => cloudWatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
const queries = () => inputs().flatMap((input) => input.MetricDataQueries ?? []);

type Datapoints = Readonly<Record<string, number>>;

/** Answers with these datapoints by metric and statistic, and Complete with none for the others. */
function answering(series: Readonly<Record<string, Datapoints>>, status: Readonly<Record<string, string>> = {}) {
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
    MetricDataResults: input.MetricDataQueries?.map(({ Id, MetricStat }) => {
      const name = `${MetricStat?.Metric?.MetricName} ${MetricStat?.Stat}`;
      const points = Object.entries(series[name] ?? {});
      return {
        Id,
        Timestamps: points.map(([at]) => new Date(at)),
        Values: points.map(([, value]) => value),
        StatusCode: status[name] ?? 'Complete',
      };
    }),
  }));
}

describe('the minutes', () => {
  test('are the whole ones of the three hours before the moment', async () => {
    answering({ 'RequestCount Sum': { '2026-03-10T14:29:00Z': 5 } });
    expect(await read(loadBalancerMetrics, { at: '2026-03-10T14:30:20Z' })).toMatchObject({
      value: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, values: { RequestCount: newest(5) } },
    });
    expect(inputs()[0]).toMatchObject({
      StartTime: new Date('2026-03-10T11:30:00Z'),
      EndTime: new Date('2026-03-10T14:30:00Z'),
      ScanBy: 'TimestampAscending',
    });
  });

  test('hold each value where it belongs, and nothing where AWS has nothing', async () => {
    answering({
      'HTTPCode_ELB_502_Count Sum': {
        '2026-03-10T11:29:00Z': 1,
        '2026-03-10T14:26:00Z': 2,
        '2026-03-10T14:29:00Z': 3,
        '2026-03-10T14:30:00Z': 4,
      },
    });
    expect(await read(loadBalancerMetrics)).toMatchObject({
      value: { values: { HTTPCode_ELB_502_Count: newest(2, null, null, 3) } },
      gaps: [],
    });
  });
});

test('a metric without any datapoint is left out, and no gap', async () => {
  answering({ 'RequestCount Sum': { '2026-03-10T14:29:00Z': 0 } });
  const observed = await read(loadBalancerMetrics);
  expect(observed.seen && Object.keys(observed.value.values)).toEqual(['RequestCount']);
  expect(observed).toMatchObject({ gaps: [] });
});

test('one metric has several statistics', async () => {
  const at = (value: number) => ({ '2026-03-10T14:29:00Z': value });
  answering({
    'TargetResponseTime p50': at(0.1),
    'TargetResponseTime p99': at(0.9),
    'TargetResponseTime Maximum': at(2),
  });
  expect(await read(loadBalancerMetrics)).toMatchObject({
    value: {
      values: {
        'TargetResponseTime.p50': newest(0.1),
        'TargetResponseTime.p99': newest(0.9),
        'TargetResponseTime.max': newest(2),
      },
    },
  });
});

test.each([
  ['Forbidden', 'denied'],
  ['InternalError', 'failed'],
  ['PartialData', 'partial'],
])('a metric that AWS answers %s is a gap with its name: %s', async (status, why) => {
  answering({ 'RequestCount Sum': { '2026-03-10T14:29:00Z': 5 } }, { 'HTTPCode_ELB_5XX_Count Sum': status });
  expect(await read(loadBalancerMetrics)).toMatchObject({
    value: { values: { RequestCount: newest(5) } },
    gaps: [{ why, ids: ['HTTPCode_ELB_5XX_Count'], action: 'cloudwatch:GetMetricData' }],
  });
});

test('a metric that AWS leaves out of its answer is a gap', async () => {
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
    MetricDataResults: input.MetricDataQueries?.slice(1).map(({ Id }) => ({ Id, StatusCode: 'Complete' })),
  }));
  expect(await read(loadBalancerMetrics)).toMatchObject({ gaps: [{ why: 'partial', ids: ['RequestCount'] }] });
});

test('with every metric forbidden, nothing was seen', async () => {
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
    MetricDataResults: input.MetricDataQueries?.map(({ Id }) => ({ Id, StatusCode: 'Forbidden' })),
  }));
  expect(await read(loadBalancerMetrics)).toMatchObject({
    seen: false,
    why: 'denied',
    action: 'cloudwatch:GetMetricData',
  });
});

test('a series that goes on over two pages is one, and complete when its last page is', async () => {
  const page = (status: string, at: string, value: number) => ({
    Id: 'm0',
    StatusCode: status as 'Complete',
    Timestamps: [new Date(at)],
    Values: [value],
  });
  cloudWatch
    .on(GetMetricDataCommand)
    .resolves({ MetricDataResults: [page('PartialData', '2026-03-10T14:28:00Z', 1)], NextToken: 't' })
    .on(GetMetricDataCommand, { NextToken: 't' })
    .resolves({ MetricDataResults: [page('Complete', '2026-03-10T14:29:00Z', 2)] });
  const observed = await read(loadBalancerMetrics);
  expect(observed).toMatchObject({ value: { values: { RequestCount: newest(1, 2) } } });
  expect(observed.seen && observed.gaps.flatMap(({ ids = [] }) => ids)).not.toContain('RequestCount');
});

test('what is no count is no datapoint', async () => {
  const values = [Number.NaN, null, -4, Number.POSITIVE_INFINITY, 'NaN', 0, 7] as number[];
  const minutes = values.map((_, index) => new Date(`2026-03-10T14:2${index}:00Z`));
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete', Timestamps: minutes, Values: values }],
  });
  expect(await read(loadBalancerMetrics)).toMatchObject({
    value: { values: { RequestCount: newest(0, 7, null, null, null) } },
  });
});

test.each([
  ['a day', '2026-03-11T14:30:00Z', [60]],
  ['15 days, the three hours included', '2026-03-25T11:30:00Z', [60]],
  ['a minute more', '2026-03-25T11:31:00Z', [60, 300]],
  ['63 days', '2026-05-12T11:30:00Z', [60, 300]],
  ['a minute more than that', '2026-05-12T11:31:00Z', [60]],
])('what is %s old is asked for at the resolution that CloudWatch still has', async (_, now, periods) => {
  let readAt: string | null = null;
  answering({});
  const aws: Aws = { ...anAws(), readAt: () => readAt };
  const ask: Aws['pages'] = aws.pages;
  const telling: Aws = {
    ...aws,
    pages: async (...args) => {
      const answer = await ask(...args);
      readAt = now;
      return answer;
    },
  };
  await read(loadBalancerMetrics, {}, telling);
  expect([...new Set(queries().map((query) => query.MetricStat?.Period))]).toEqual(periods);
});

test.each([
  ['the load balancer', loadBalancerMetrics, 'AWS/ApplicationELB', { LoadBalancer: 'app/web/50dc6c495c0c9188' }],
  [
    'a zone',
    zoneMetrics,
    'AWS/ApplicationELB',
    { LoadBalancer: 'app/web/50dc6c495c0c9188', AvailabilityZone: 'us-east-1a' },
  ],
  [
    'a target group',
    targetGroupMetrics,
    'AWS/ApplicationELB',
    { LoadBalancer: 'app/web/50dc6c495c0c9188', TargetGroup: 'targetgroup/web/73e2d6bc24d8a067' },
  ],
  ['an instance', instanceMetrics, 'AWS/EC2', { InstanceId: 'i-1' }],
])('metrics of %s, by the dimensions AWS publishes them under', async (_, collector, namespace, dimensions) => {
  answering({});
  const { question, evidence } = aSnapshot();
  await collector.collect(question, evidence, anAws());
  // Those of groups and zones are read in one call.
  const own = Object.keys(dimensions).at(-1);
  const query = queries().find(({ MetricStat }) => MetricStat?.Metric?.Dimensions?.at(-1)?.Name === own);
  expect(query?.MetricStat?.Metric?.Namespace).toBe(namespace);
  expect(query?.MetricStat?.Metric?.Dimensions).toEqual(
    Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  );
});

test('five hundred series a call; a call that is refused is a gap with its groups', async () => {
  const groups = Array.from({ length: 50 }, (_, n) => targetGroup(`g${n}`));
  cloudWatch.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries = [] }: GetMetricDataCommandInput) => {
    if (MetricDataQueries.length === 500) throw throttling;
    return { MetricDataResults: MetricDataQueries.map(({ Id }) => ({ Id, StatusCode: 'Complete' })) };
  });
  const observed = await read(targetGroupMetrics, { targetGroups: groups });
  expect(inputs().map((input) => input.MetricDataQueries?.length)).toEqual([500, 400]);
  // 500 series of 18 a group: 27 groups and a part of the 28th.
  expect(observed).toMatchObject({ value: { of: { length: 50 } }, gaps: [{ why: 'throttled' }] });
  expect(observed.seen && observed.gaps[0]?.ids).toEqual(groups.slice(0, 28).map(({ arn }) => arn));
});

test('everything asked about is listed, with values or without', async () => {
  answering({ 'HealthyHostCount Minimum': { '2026-03-10T14:29:00Z': 1 } });
  expect(await read(targetGroupMetrics)).toMatchObject({
    value: { of: [{ id: TG, values: { 'HealthyHostCount.min': newest(1) } }] },
  });
});

test('at most sixty failing instances; the others are said not to be asked about', async () => {
  answering({});
  const failing = Array.from({ length: 62 }, (_, n) => unhealthy(`i-${n}`, 'Target.Timeout'));
  const observed = await read(instanceMetrics, { targetHealth: failing });
  expect(observed).toMatchObject({
    value: { of: { length: 60 } },
    gaps: [{ why: 'not-asked', ids: ['i-60', 'i-61'] }],
  });
});

describe('what the CloudWatch agent sends', () => {
  const searches = () => queries().flatMap(({ Expression }) => Expression ?? []);
  const searched = () => [...new Set(searches().map((search) => /InstanceId="([^"]*)"/.exec(search)?.[1]))];
  const healthyOf = (group: string, ...ids: string[]) => ids.map((id) => target(id, { targetGroup: groupArn(group) }));

  test('is searched for of healthy instances, too: a full disk fails requests, not always the checks', async () => {
    answering({});
    await read(instanceMetrics, { targetHealth: healthyOf('web', 'i-1', 'i-2') });
    expect(searched()).toEqual(['i-1', 'i-2']);
    expect(searches()).toContain(
      `SEARCH('Namespace="CWAgent" MetricName="disk_used_percent" InstanceId="i-1" NOT fstype="squashfs"', 'Maximum', 60)`,
    );
  });

  test('first of the failing ones, then of each group in turn, and of twenty at most', async () => {
    answering({});
    const failing = Array.from({ length: 17 }, (_, n) => unhealthy(`i-f${n}`, 'Target.Timeout'));
    const healthy = [...healthyOf('a', 'i-a1', 'i-a2'), ...healthyOf('b', 'i-b1', 'i-b2')];
    await read(instanceMetrics, { targetHealth: [...healthy, ...failing] });
    expect(searched()).toEqual([...failing.map(({ id }) => id), 'i-a1', 'i-b1', 'i-a2']);
    expect(inputs().length).toBeLessThanOrEqual(2);
  });
});

test('what was not read of the groups was not read of their metrics', async () => {
  answering({});
  const gap = { why: 'throttled', detail: 'the second page' } as const;
  const observed = await read(targetGroupMetrics, { targetGroups: partly([targetGroup()], gap) });
  expect(observed).toMatchObject({ gaps: [gap] });
});

describe('ECS services', () => {
  const ecs = { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' };
  const tagged = {
    id: 'eni-1',
    description: '',
    subnetId: null,
    vpcId: null,
    zone: null,
    addresses: [],
    prefixes: [],
    securityGroupIds: [],
    instanceId: null,
    tags: ecs,
  };

  test('are found by the tags of interfaces and groups, each once', async () => {
    answering({ 'MemoryUtilization Average': { '2026-03-10T14:29:00Z': 97 } });
    const tags = { [groupArn('web')]: ecs, [LB]: { 'aws:ecs:serviceName': 'without-cluster' } };
    expect(await read(serviceMetrics, { targetInterfaces: [tagged], tags })).toMatchObject({
      value: { of: [{ id: 'prod/web', values: { MemoryUtilization: newest(97) } }] },
      gaps: [],
    });
    expect(queries()[0]?.MetricStat?.Metric?.Dimensions).toEqual([
      { Name: 'ClusterName', Value: 'prod' },
      { Name: 'ServiceName', Value: 'web' },
    ]);
  });

  test('that nothing names are seen to be none, without a call', async () => {
    expect(await read(serviceMetrics, { targetHealth: [target('i-1')] })).toMatchObject({
      value: { of: [] },
      gaps: [],
    });
    expect(inputs()).toEqual([]);
  });

  test('may be more than those found where the tags of something are unseen', async () => {
    answering({});
    const observed = await read(serviceMetrics, {
      targetInterfaces: [tagged],
      tags: denied('elasticloadbalancing:DescribeTags'),
    });
    expect(observed).toMatchObject({
      value: { of: [{ id: 'prod/web' }] },
      gaps: [{ why: 'denied', action: 'elasticloadbalancing:DescribeTags' }],
    });
  });
});
