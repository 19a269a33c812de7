import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { DEFAULT_THRESHOLD, errorAlarms, type Threshold, watchedBy } from '../../../infra/construct/alarms.ts';
import { anApp, WEB } from '../a-stack.ts';

const [ofLoadBalancer, ofTargets] = alarms(DEFAULT_THRESHOLD);
const NONE = undefined;

describe('a minute goes off', () => {
  test.each<[what: string, errors: Count, requests: Count, with503: Count, goesOff: boolean]>([
    ['a total outage without targets: no request is counted', 5, NONE, 5, true],
    ['a total outage with them: the requests are counted', 100, 100, NONE, true],
    ['errors that no other metric tells of', 5, NONE, NONE, true],
    ['the fewest errors, and their share', 5, 100, NONE, true],
    ['one request more, and they are too few of all', 5, 101, NONE, false],
    ['too few errors, of however few requests', 4, 4, NONE, false],
    ['503s count as requests, too', 5, 95, 5, true],
    ['one request more beside 503s', 5, 96, 5, false],
    ['many errors among far more requests', 1000, 20_001, NONE, false],
    ['no error', NONE, 1000, NONE, false],
    ['an error count of 0, without a request', 0, NONE, NONE, false],
    ['nothing at all', NONE, NONE, NONE, false],
  ])('%s', (_, errors, requests, with503, goesOff) => {
    for (const alarm of [ofLoadBalancer, ofTargets]) {
      expect(breaches(alarm, { errors, requests, unrouted: with503 })).toBe(goesOff);
    }
  });

  test('by the threshold that is asked for', () => {
    const [alarm] = alarms({ minimumErrors: 1, errorPercent: 0.5, datapointsToAlarm: 1, evaluationPeriods: 5 });
    expect(alarm).toMatchObject({ Threshold: 1, DatapointsToAlarm: 1, EvaluationPeriods: 5 });
    expect(breaches(alarm, { errors: 1, requests: 200, unrouted: NONE })).toBe(true);
    expect(breaches(alarm, { errors: 1, requests: 201, unrouted: NONE })).toBe(false);
  });
});

test('an alarm takes some of its minutes, of 60 s each, and takes none for an error', () => {
  for (const alarm of [ofLoadBalancer, ofTargets]) {
    expect(alarm).toMatchObject({
      DatapointsToAlarm: 2,
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    const stats = alarm.Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
    expect(stats.map(({ Period, Stat }) => [Period, Stat])).toEqual([
      [60, 'Sum'],
      [60, 'Sum'],
      [60, 'Sum'],
    ]);
  }
});

test('its own errors come first of the metrics, for they say what it is about', () => {
  expect(metricsOf(ofLoadBalancer)).toEqual(['HTTPCode_ELB_5XX_Count', 'RequestCount', 'HTTPCode_ELB_503_Count']);
  expect(metricsOf(ofTargets)).toEqual(['HTTPCode_Target_5XX_Count', 'RequestCount', 'HTTPCode_ELB_503_Count']);
});

type Count = number | undefined;

interface AlarmProperties {
  readonly Threshold: number;
  readonly Metrics: readonly {
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

function alarms(threshold: Threshold): readonly [AlarmProperties, AlarmProperties] {
  const stack = new Stack(anApp(), 'AlbTriage');
  errorAlarms(stack, watchedBy(stack, { loadBalancerArn: WEB }), 'AlbTriage-', threshold);
  const resources = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const [elb, target] = resources.map(({ Properties }): AlarmProperties => Properties);
  if (elb === undefined || target === undefined) throw new Error('expected two alarms');
  return [elb, target];
}

function metricsOf({ Metrics }: AlarmProperties): string[] {
  return Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []);
}

/** CloudWatch's arithmetic for one minute, in which a metric without a datapoint is no number. */
function breaches(alarm: AlarmProperties, minute: Readonly<Record<string, Count>>): boolean {
  const functions = {
    IF: (condition: boolean, yes: Count, no: Count) => (condition ? yes : no),
    FILL: (count: Count, value: number) => count ?? value,
    SUM: (counts: readonly Count[]) => counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    MAX: (counts: readonly Count[]) => Math.max(...counts.filter((count) => count !== undefined)),
  };
  const scope = { ...functions, ...minute };
  const expression = alarm.Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  const value: unknown = new Function(...Object.keys(scope), `return ${expression}`)(...Object.values(scope));
  return typeof value === 'number' && value >= alarm.Threshold;
}
