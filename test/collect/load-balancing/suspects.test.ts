import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { beforeEach, expect, test } from 'vitest';
import { suspectsAmong } from '../../../lambda/collect/load-balancing/suspects.ts';
import { aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws } from '../support.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => cloudWatch.reset());

const groups = (count: number) => Array.from({ length: count }, (_, index) => targetGroup(`app-${index}`));
const { question } = aSnapshot();

/** One datapoint of a metric of a group, five minutes before the moment asked about. */
function measured(values: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  cloudWatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }) => ({
    MetricDataResults: MetricDataQueries.map((query) => {
      const { MetricName = '', Dimensions = [] } = query.MetricStat?.Metric ?? {};
      const group = Dimensions.find(({ Name }) => Name === 'TargetGroup')?.Value ?? '';
      const value = values[group.split('/')[1] ?? '']?.[MetricName];
      const at = new Date('2026-03-10T14:25:00Z');
      return {
        Id: query.Id,
        StatusCode: 'Complete',
        ...(value === undefined ? {} : { Timestamps: [at], Values: [value] }),
      };
    }),
  }));
}

test('of a dozen groups all are looked at, and no metric is read for it', async () => {
  const suspects = await suspectsAmong(groups(12), question, anAws());
  expect(suspects).toEqual({ arns: groups(12).map(({ arn }) => arn), gaps: [] });
  expect(cloudWatch.calls()).toEqual([]);
});

const WELL = { HealthyHostCount: 4, RequestCount: 10, HTTPCode_Target_2XX_Count: 10 };
const well = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`app-${index}`, WELL] as const));

test('of more, those that look ill, the worst first; then the busiest, eight in all', async () => {
  measured({
    ...well(60),
    'app-40': { ...WELL, HTTPCode_Target_5XX_Count: 3, RequestCount: 9 },
    'app-41': { ...WELL, TargetConnectionErrorCount: 500 },
    'app-42': { ...WELL, UnHealthyHostCount: 1, RequestCount: 8 },
    'app-43': { HealthyHostCount: 0, RequestCount: 7 },
    'app-44': { ...WELL, RequestCount: 9_000, HTTPCode_Target_2XX_Count: 9_000 },
  });
  const { arns, gaps } = await suspectsAmong(groups(60), question, anAws());
  expect(arns.slice(0, 5)).toEqual(['app-41', 'app-40', 'app-42', 'app-43', 'app-44'].map((name) => groupArn(name)));
  expect(arns).toHaveLength(8);
  expect(gaps).toMatchObject([{ why: 'not-asked', detail: expect.stringContaining('60 target groups: the 8') }]);
  expect(new Set([...arns, ...(gaps[0]?.ids ?? [])]).size).toBe(60);
});

test.each([
  ['without a target', {}],
  ['whose targets do not answer every tenth request', { ...WELL, HTTPCode_Target_2XX_Count: 9 }],
])('a group %s is one that looks ill', async (_, ill) => {
  measured({ ...well(30), 'app-29': ill });
  const { arns } = await suspectsAmong(groups(30), question, anAws());
  expect(arns[0]).toBe(groupArn('app-29'));
});

test('as many as look ill are looked at, up to twenty-five', async () => {
  measured({ ...well(40), ...Object.fromEntries(Object.keys(well(10)).map((name) => [name, {}])) });
  expect((await suspectsAmong(groups(40), question, anAws())).arns).toHaveLength(10);
  measured({});
  expect((await suspectsAmong(groups(40), question, anAws())).arns).toHaveLength(25);
});

test('where the metrics are not to be read, some are looked at', async () => {
  cloudWatch.on(GetMetricDataCommand).rejects(accessDenied);
  const { arns, gaps } = await suspectsAmong(groups(26), question, anAws());
  expect(arns).toHaveLength(25);
  expect(gaps[0]?.ids).toHaveLength(1);
});
