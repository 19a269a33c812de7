import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Aws } from '../../../lambda/collect/aws.ts';
import { loadBalancerMetrics } from '../../../lambda/collect/metrics/load-balancer-metrics.ts';
import { judgedQuestion, surveyOf } from '../../../lambda/collect/metrics/survey.ts';
import type { Observed } from '../../../lambda/incident/observed.ts';
import type { Question } from '../../../lambda/incident/question.ts';
import { symptomsOf } from '../../../lambda/semantics/errors/symptoms.ts';
import { plusSeconds, secondsBetween } from '../../../lambda/semantics/time/minutes.ts';
import { aSnapshot, NOW } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, throttling } from '../support.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  cloudWatch.reset();
});

const HOUR = 3600;
const DAY = 24 * HOUR;
const ago = (seconds: number, now = NOW) => plusSeconds(now, -seconds);

/** 120 requests a minute, and so many 504 a minute from some seconds ago until others. */
interface Errors {
  readonly from: number;
  readonly until: number;
  readonly aMinute: number;
}

/** CloudWatch as it sums minutes up, period by period; nothing is sent for a count of zero. */
function answering(runs: readonly Errors[], { at = NOW, refused = '' } = {}) {
  const counted = (minute: number) =>
    runs.reduce((sum, { from, until, aMinute }) => {
      const back = (Date.parse(at) - minute) / 1000;
      return back <= from && back > until ? sum + aMinute : sum;
    }, 0);
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
    MetricDataResults: input.MetricDataQueries?.map(({ Id, MetricStat }) => {
      const name = MetricStat?.Metric?.MetricName ?? '';
      const length = (MetricStat?.Period ?? 0) * 1000;
      const points: { at: number; value: number }[] = [];
      for (let slot = Number(input.StartTime); slot < Number(input.EndTime); slot += length) {
        let value = 0;
        for (let minute = slot; minute < Math.min(slot + length, Date.parse(at)); minute += 60_000) {
          if (name === 'RequestCount') value += 120;
          if (name === 'HTTPCode_ELB_504_Count' || name === 'HTTPCode_ELB_5XX_Count') value += counted(minute);
        }
        if (value > 0) points.push({ at: slot, value });
      }
      return {
        Id,
        Timestamps: points.map((point) => new Date(point.at)),
        Values: points.map(({ value }) => value),
        StatusCode: name === refused ? ('Forbidden' as 'Complete') : 'Complete',
      };
    }),
  }));
}

const calls = () => cloudWatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
const periods = () => [
  ...new Set(calls().flatMap(({ MetricDataQueries = [] }) => MetricDataQueries.map((one) => one.MetricStat?.Period))),
];

/** A session that AWS tells the time to, from its first answer on or from before. */
function told(now: string, first = true): Aws {
  const aws = anAws();
  return { ...aws, readAt: () => (first || calls().length > 0 ? now : null), within: () => told(now, first) };
}

function question(windowSeconds: number, at = NOW): Question {
  return aSnapshot({ at, windowSeconds }).question;
}

async function judged(asked: Question, aws: Aws = told(NOW)) {
  const survey = await surveyOf(asked, aws);
  return { survey, question: judgedQuestion(asked, survey) };
}

const detailOf = (observed: Observed<unknown> | null) => (observed?.seen === false ? observed.detail : undefined);

describe('what is read of a window', () => {
  test.each([
    ['30 minutes', 1800, []],
    ['two hours', 2 * HOUR, []],
    ['a minute more', 2 * HOUR + 60, [60]],
    ['12 periods of an hour', 12 * HOUR + 600, [60]],
    ['a day', DAY, [60]],
    ['25 hours', 25 * HOUR, [60]],
    ['a minute more than that', 25 * HOUR + 60, [300]],
    ['seven days', 7 * DAY, [300]],
    ['all that an alarm may evaluate', 7 * DAY + 600, [300]],
  ])('of %s', async (_, seconds, expected) => {
    answering([]);
    const { survey } = await judged(question(seconds));
    expect(periods()).toEqual(expected);
    expect(calls()).toHaveLength(expected.length);
    if (survey === null) return;
    const [{ StartTime, EndTime, MetricDataQueries = [] } = {}] = calls();
    expect(secondsBetween(StartTime?.toISOString() ?? '', ago(seconds))).toBeGreaterThanOrEqual(0);
    expect(secondsBetween(NOW, EndTime?.toISOString() ?? '')).toBeGreaterThanOrEqual(0);
    // One answer holds so many datapoints.
    const datapoints =
      MetricDataQueries.length * (secondsBetween(String(StartTime), String(EndTime)) / (expected[0] ?? 1));
    expect(datapoints).toBeLessThanOrEqual(100_800);
  });

  test.each([
    ['15 days ago', 15 * DAY - 3 * HOUR, 3 * HOUR, [60]],
    ['a minute more', 15 * DAY - 3 * HOUR + 60, 3 * HOUR, [300]],
    ['63 days ago', 63 * DAY - 3 * HOUR, 3 * HOUR, [300]],
    ['a minute more than that, and long enough for hours', 63 * DAY - 10 * HOUR + 60, 10 * HOUR, [3600]],
    ['455 days ago', 455 * DAY - 10 * HOUR, 10 * HOUR, [3600]],
  ])('that began %s', async (_, old, seconds, expected) => {
    const at = ago(old);
    answering([], { at });
    await judged(question(seconds, at));
    expect(periods()).toEqual(expected);
    cloudWatch.resetHistory();
    // An answer tells AWS's time: before it, the window may be of now.
    await judged(question(seconds, at), told(NOW, false));
    expect(periods().at(-1)).toEqual(expected[0]);
  });

  test('older than all that CloudWatch keeps is nothing, and no call', async () => {
    const { survey } = await judged(question(10 * HOUR, ago(455 * DAY - 10 * HOUR + 60)));
    expect(detailOf(survey)).toBe('CloudWatch keeps metrics for 455 days, and has none left of that time');
    expect(calls()).toEqual([]);
  });

  test('of hours only, a short window is none', async () => {
    const { survey } = await judged(question(10 * HOUR - 60, ago(64 * DAY)));
    expect(detailOf(survey)).toBe(
      'CloudWatch keeps minutes for 15 days and five minutes for 63: of that time it has hours only, and a window of less than 10 hours cannot be told from them: ask for 10 hours or more',
    );
    expect(calls()).toEqual([]);
  });
});

describe('the moment that is judged', () => {
  test.each<[name: string, runs: readonly Errors[], seconds: number, at: string]>([
    ['is the one asked about without errors', [], DAY, NOW],
    ['with errors that go on', [{ from: 10 * HOUR, until: 0, aMinute: 60 }], DAY, NOW],
    ['with errors that ended 90 minutes ago', [{ from: 3 * HOUR, until: 5400, aMinute: 60 }], DAY, NOW],
    ['is half an hour after their end a minute later', [{ from: 3 * HOUR, until: 5460, aMinute: 60 }], DAY, ago(3660)],
    ['ten hours ago', [{ from: 36_000, until: 34_800, aMinute: 60 }], DAY, ago(33_000)],
    ['at the very start of the window', [{ from: DAY, until: DAY - 600, aMinute: 9 }], DAY, ago(DAY - 2400)],
    ['before the window: none', [{ from: DAY + 600, until: DAY, aMinute: 9 }], DAY, NOW],
    ['of two stray errors: none', [{ from: 36_060, until: 36_000, aMinute: 2 }], DAY, NOW],
    ['of three: theirs', [{ from: 36_060, until: 36_000, aMinute: 3 }], DAY, ago(34_200)],
    [
      'of two outages is the end of the last',
      [
        { from: 20 * HOUR, until: 19 * HOUR, aMinute: 60 },
        { from: 10 * HOUR, until: 9 * HOUR, aMinute: 20 },
      ],
      DAY,
      ago(8.5 * HOUR),
    ],
    [
      'is not moved by the trickle that there always is',
      [
        { from: DAY, until: 0, aMinute: 1 },
        { from: 10 * HOUR, until: 9 * HOUR, aMinute: 60 },
      ],
      DAY,
      ago(8.5 * HOUR),
    ],
    ['six days ago', [{ from: 6 * DAY, until: 6 * DAY - 1200, aMinute: 60 }], 7 * DAY, ago(6 * DAY - 3000)],
  ])('%s', async (_, runs, seconds, at) => {
    answering(runs);
    const asked = question(seconds);
    const { question: moved } = await judged(asked);
    expect(moved.at).toBe(at);
    expect(moved.asked).toEqual(asked.window);
    expect(moved.window.to).toBe(at);
    expect(secondsBetween(moved.window.from, at)).toBeLessThanOrEqual(2 * HOUR);
    expect(secondsBetween(asked.window.from, moved.window.from)).toBeGreaterThanOrEqual(0);
    expect(secondsBetween(at, NOW)).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ['counts errors', ['HTTPCode_ELB_5XX_Count'], ago(33_000)],
    ['is of something else', ['UnHealthyHostCount'], NOW],
    ['does not say of what it is', undefined, ago(33_000)],
  ])('of an alarm that %s', async (_, measured, at) => {
    answering([{ from: 36_000, until: 34_800, aMinute: 60 }]);
    const trigger = { kind: 'alarm', at: NOW, state: 'ALARM', ...(measured ? { metrics: measured } : {}) } as const;
    const { question: moved } = await judged({ ...question(DAY), trigger });
    expect(moved.at).toBe(at);
  });

  test('of a short window is the one asked about, and nothing else is said', async () => {
    answering([{ from: 7200, until: 6900, aMinute: 60 }]);
    const asked = question(2 * HOUR);
    expect((await judged(asked)).question).toBe(asked);
  });
});

describe('the metrics of the load balancer', () => {
  const whole = async (asked: Question, aws = told(NOW)) => {
    const { question: moved } = await judged(asked, aws);
    const observed = await loadBalancerMetrics.collect(moved, aSnapshot().evidence, aws);
    return { observed, moved, symptoms: symptomsOf(observed, asked.window) };
  };

  test('are read once for a short window, and there is no survey of it', async () => {
    answering([{ from: 600, until: 0, aMinute: 60 }]);
    const { observed, symptoms } = await whole(question(1800));
    expect(calls()).toHaveLength(1);
    expect(observed).not.toHaveProperty('value.survey');
    expect(symptoms).toMatchObject({ requests: 3600, elb: { 504: 600 } });
  });

  test('are those of the errors ten hours ago, and the symptoms those of the whole day', async () => {
    answering([{ from: 36_000, until: 34_800, aMinute: 60 }]);
    const { observed, symptoms } = await whole(question(DAY));
    expect(calls()).toHaveLength(2);
    expect(observed).toMatchObject({ gaps: [], value: { grid: { from: ago(33_000 + 3 * HOUR) } } });
    expect(symptoms).toMatchObject({ requests: 172_800, elb: { 502: 0, 504: 1200 }, target5xx: 0 });
  });

  test.each([
    ['denied', 'HTTPCode_ELB_504_Count', 'denied'],
    ['denied for the requests alone', 'RequestCount', 'denied'],
  ])('have a gap where the survey is %s: nothing is known of the window', async (_, refused, why) => {
    answering([], { refused });
    const { observed, symptoms } = await whole(question(DAY));
    expect(observed).toMatchObject({ gaps: expect.arrayContaining([expect.objectContaining({ why })]) });
    expect(observed).not.toHaveProperty('value.survey');
    expect(symptoms).toEqual({
      requests: null,
      elb: { '500': null, '502': null, '503': null, '504': null, other5xx: null },
      target5xx: null,
      errorShare: null,
    });
  });

  test.each([
    ['throttled', throttling],
    ['denied', accessDenied],
  ])('are seen where the survey alone is %s, and the window is not', async (why, error) => {
    cloudWatch.onAnyCommand().rejects(error);
    const aws = told(NOW);
    const asked = question(DAY);
    const survey = await surveyOf(asked, aws);
    cloudWatch.reset();
    answering([]);
    expect(survey).toMatchObject({ seen: false, why });
    const observed = await loadBalancerMetrics.collect(judgedQuestion(asked, survey), aSnapshot().evidence, aws);
    expect(observed).toMatchObject({
      seen: true,
      gaps: [
        {
          why,
          detail: expect.stringContaining('the window was not read as a whole'),
          action: 'cloudwatch:GetMetricData',
        },
      ],
    });
    expect(symptomsOf(observed, asked.window)).toMatchObject({ requests: null, target5xx: null });
  });

  test('are unseen where they alone are denied, and the window is not', async () => {
    answering([{ from: 36_000, until: 34_800, aMinute: 60 }]);
    const aws = told(NOW);
    const asked = question(DAY);
    const survey = await surveyOf(asked, aws);
    cloudWatch.reset();
    cloudWatch.onAnyCommand().rejects(accessDenied);
    const observed = await loadBalancerMetrics.collect(judgedQuestion(asked, survey), aSnapshot().evidence, aws);
    expect(observed).toMatchObject({
      seen: true,
      value: { values: {}, survey: { seconds: 60 } },
      gaps: [{ why: 'denied', action: 'cloudwatch:GetMetricData', ids: expect.arrayContaining(['RequestCount']) }],
    });
    expect(symptomsOf(observed, asked.window)).toMatchObject({ requests: 172_800, elb: { 504: 1200 } });
  });

  test.each([
    [3, 0, 360 * 60],
    [4, 1, null],
  ])('hold a window of %i hours without a survey, or not', async (hours, gaps, requests) => {
    cloudWatch.onAnyCommand().rejects(throttling);
    const aws = told(NOW);
    const asked = question(hours * HOUR);
    const survey = await surveyOf(asked, aws);
    cloudWatch.reset();
    answering([]);
    const observed = await loadBalancerMetrics.collect(judgedQuestion(asked, survey), aSnapshot().evidence, aws);
    expect(observed).toHaveProperty('gaps.length', gaps);
    expect(symptomsOf(observed, asked.window).requests).toBe(requests);
  });

  test('of 64 days ago are no minutes, but a day in hours', async () => {
    const at = ago(64 * DAY);
    answering([{ from: 36_000, until: 34_800, aMinute: 60 }], { at });
    const { observed, symptoms } = await whole(question(DAY, at));
    expect(observed).toMatchObject({
      value: { values: {}, survey: { seconds: 3600 } },
      gaps: [{ why: 'not-asked', detail: expect.stringContaining('it has hours only') }],
    });
    expect(symptoms).toMatchObject({ elb: { 504: 1200 } });
    expect(periods()).toEqual([3600]);
  });

  test('an hour that reaches beyond the window is counted, and so the window is told with it', async () => {
    const at = ago(64 * DAY);
    answering([{ from: 0, until: -600, aMinute: 60 }], { at });
    const asked = question(DAY, at);
    const judged = judgedQuestion(asked, await surveyOf(asked, told(NOW)));
    expect(judged.asked).toEqual({ from: ago(64 * DAY + DAY + 1800), to: ago(64 * DAY - 1800) });
    const minutes = question(DAY);
    expect(judgedQuestion(minutes, await surveyOf(minutes, told(NOW))).asked).toEqual(minutes.window);
  });

  test('of a short window then are unseen, and so is what failed', async () => {
    const { observed, symptoms } = await whole(question(1800, ago(64 * DAY)));
    expect(observed).toMatchObject({
      seen: false,
      why: 'not-asked',
      detail: expect.stringContaining('ask for 10 hours or more'),
    });
    expect(symptoms).toMatchObject({ requests: null, elb: { 504: null } });
  });

  test('of 456 days ago are gone', async () => {
    const { observed } = await whole(question(DAY, ago(456 * DAY)));
    expect(detailOf(observed)).toBe('CloudWatch keeps metrics for 455 days, and has none left of that time');
    expect(calls()).toEqual([]);
  });

  test('of 20 days ago share each five minutes out: no rate, and no pause, that never was', async () => {
    const at = ago(20 * DAY);
    answering([{ from: 1200, until: 0, aMinute: 7 }], { at });
    const { observed, symptoms } = await whole(question(1800, at));
    expect(periods()).toEqual([300]);
    if (!observed.seen) throw new Error('unseen');
    const { RequestCount = [], HTTPCode_ELB_504_Count = [] } = observed.value.values;
    expect(new Set(RequestCount)).toEqual(new Set([120]));
    expect(HTTPCode_ELB_504_Count.slice(-21)).toEqual([null, ...Array.from({ length: 20 }, () => 7)]);
    expect(symptoms).toMatchObject({ requests: 3600, elb: { 504: 140 } });
    expect(observed.gaps).toMatchObject([{ why: 'partial', ids: [] }]);
    expect(observed.gaps[0]?.detail).toContain('times and numbers of minutes are rough');
  });

  test('a sum that cannot be shared out evenly stays what it is', async () => {
    const at = ago(20 * DAY);
    answering([{ from: 300, until: 240, aMinute: 7 }], { at });
    const { observed } = await whole(question(1800, at));
    const counts = observed.seen ? (observed.value.values.HTTPCode_ELB_504_Count ?? []).slice(-5) : [];
    expect(counts.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(7);
    expect(counts.every((value) => Number.isInteger(value))).toBe(true);
  });
});
