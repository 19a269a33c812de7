import { describe, expect, test } from 'vitest';
import type { LoadBalancerMetric, Metrics, Values } from '../../../lambda/incident/evidence.ts';
import { seen, unseen } from '../../../lambda/incident/observed.ts';
import { baselineOf, episodeOf, errorEpisode, totalErrors } from '../../../lambda/semantics/errors/episode.ts';
import { withZeros } from '../../../lambda/semantics/errors/error-series.ts';
import { symptomsOf } from '../../../lambda/semantics/errors/symptoms.ts';
import { always, between, groupMetrics, lately, metrics, NOW, newest, TG } from '../../support/a-snapshot.ts';

const window = { from: '2026-03-10T14:00:00Z', to: NOW };
const elb = (values: Values, more = {}): Metrics<LoadBalancerMetric> =>
  metrics({ HTTPCode_ELB_502_Count: values, HTTPCode_ELB_5XX_Count: values, ...more });
const told = (values: Values) => {
  const episode = errorEpisode(elb(values), window);
  return episode && [episode.onset.slice(11, 16), episode.end?.slice(11, 16) ?? null, episode.trend];
};
const N = null;
const joined = (...parts: Values[]): Values =>
  parts[0]?.map((_, i) => parts.reduce<number | null>((sum, part) => part[i] ?? sum, N)) ?? [];

describe('the onset is the first minute of the run that reaches into the window', () => {
  test.each<[string, Values, (string | null)[] | null]>([
    ['it began nine minutes ago', lately(9, 40), ['14:21', N, 'steady']],
    ['it began before the window', between(100, 0, 40), ['12:50', N, 'steady']],
    ['it fills all three hours', always(40), ['11:30', N, 'steady']],
    ['no error', always(0), N],
    ['an outage that was over before the window', between(100, 60, 40), N],
    ['a pause of five minutes inside it', newest(40, 40, N, N, N, N, N, 40, 40), ['14:21', N, 'steady']],
    [
      'a short pause under heavy errors splits nothing',
      joined(between(20, 12, 90), lately(8, 90)),
      ['14:10', N, 'steady'],
    ],
    ['a long pause does', joined(between(40, 25, 90), lately(8, 90)), ['14:22', N, 'steady']],
    ['a trickle under an outage is not part of it', joined(always(1), lately(9, 400)), ['14:21', N, 'steady']],
    ['the ramp that leads up to it is', newest(1, 2, 6, 90, 400, 400, 400), ['14:23', N, 'rising']],
    ['a few errors, far apart, are one run', newest(2, N, N, N, N, N, N, N, 2, N, N, N, N, 3), ['14:16', N, 'steady']],
  ])('%s', (_, values, expected) => {
    expect(told(values)).toEqual(expected);
  });
});

describe('it is over only when quiet minutes were seen', () => {
  test.each<[string, Values, string | null]>([
    ['errors in the newest minute', lately(9, 40), N],
    ['two quiet minutes', between(9, 2, 40), N],
    ['three quiet minutes', between(9, 3, 40), '14:27'],
    ['a trickle with pauses of three minutes, quiet for six', newest(3, N, N, N, 3, N, N, N, 3, N, N, N, N, N, N), N],
    ['the same trickle, quiet for seven', newest(3, N, N, N, 3, N, N, N, 3, N, N, N, N, N, N, N), '14:23'],
  ])('%s', (_, values, end) => {
    expect(errorEpisode(elb(values), window)?.end?.slice(11, 16) ?? N).toBe(end);
  });

  test('metrics that stopped coming are no recovery', () => {
    const gone = { RequestCount: between(180, 6, 120), HTTPCode_Target_2XX_Count: between(180, 6, 80) };
    expect(errorEpisode(elb(between(20, 6, 40), gone), window)?.end).toBeNull();
  });
});

/** Oldest first, the last one at 14:29: what failed of what was asked. */
const counted = (failed: Values, asked: Values) =>
  errorEpisode(elb(newest(...failed), { RequestCount: newest(...asked) }), window);
const some = (minutes: number, value: number | null): Values => Array.from({ length: minutes }, () => value);

describe('a minute is ill by its share of the requests as well as by number', () => {
  test.each<[string, Values, Values, (string | null)[]]>([
    [
      'traffic fades while all of it fails',
      [...some(40, N), ...some(10, 10_000), 3000, ...some(9, 400)],
      [...some(50, 10_000), 3000, ...some(9, 400)],
      ['14:10', N, 'steady'],
    ],
    [
      'three requests a minute, all of which fail',
      [...some(40, N), ...some(5, 900), ...some(15, 3)],
      [...some(45, 900), ...some(15, 3)],
      ['14:10', N, 'steady'],
    ],
    [
      'a recovery that leaves 3 % failing is none',
      [...some(30, N), ...some(10, 10_000), ...some(20, 300)],
      some(60, 10_000),
      ['14:00', N, 'falling'],
    ],
    [
      'one that leaves what was usual before is',
      [...some(30, 3), ...some(10, 10_000), ...some(20, 3)],
      some(60, 10_000),
      ['14:00', '14:10', 'over'],
    ],
    [
      'one that leaves a few, less than one in a thousand, is',
      [...some(30, N), ...some(10, 10_000), ...some(20, 4)],
      some(60, 10_000),
      ['14:00', '14:10', 'over'],
    ],
    [
      'a trickle that grows with the traffic is no onset',
      [...some(30, 2), 3, 4, 5, 6, 6, 6, 5, 6, 7, 6, 200, 210, 190, 220],
      [...some(30, 1500), 2000, 3000, ...some(8, 4500), ...some(4, 4500)],
      ['14:26', N, 'steady'],
    ],
    [
      'what always fails, if it is one in forty, is no part of what begins',
      [...some(60, 3), ...some(6, 40)],
      some(66, 120),
      ['14:24', N, 'steady'],
    ],
    [
      'a trickle that stays as it is makes the whole of what was read',
      [...some(20, 2), 4, 1, 3, N, 2, 1, 3, 2, ...some(20, 2)],
      some(48, 10_000),
      ['13:42', N, 'steady'],
    ],
  ])('%s', (_, failed, asked, expected) => {
    const episode = counted(failed, asked);
    expect(episode && [episode.onset.slice(11, 16), episode.end?.slice(11, 16) ?? N, episode.trend]).toEqual(expected);
  });
});

test.each<[string, Values, number | undefined]>([
  ['falls', [...some(30, N), ...some(10, 1000), ...some(20, 50)], 0.05],
  ['stays as it is', [...some(30, N), ...some(30, 500)], undefined],
])('how many fail of late is told of what %s', (_, failed, lately) => {
  expect(counted(failed, some(60, 1000))?.shareLately).toBe(lately);
});

describe('over needs requests that were answered', () => {
  test('no request is no recovery, and told as none', () => {
    const gone = counted([...some(10, N), ...some(6, 120), ...some(14, N)], [...some(16, 120), ...some(14, N)]);
    expect(gone).toMatchObject({ end: null, trend: 'steady', unasked: { since: '2026-03-10T14:16:00Z' } });
  });

  test.each([
    ['four minutes without a request may be late', 4, undefined],
    ['five are none', 5, { since: '2026-03-10T14:25:00Z' }],
  ])('%s', (_, minutes, unasked) => {
    const asked = [...some(30 - minutes, 120), ...some(minutes, N)];
    const failed = [...some(10, N), ...some(20 - minutes, 120), ...some(minutes, N)];
    expect(counted(failed, asked)?.unasked).toEqual(unasked);
  });

  test.each([
    ['in two minutes', [90, N, N, 95], N],
    ['in three minutes, far apart', [90, N, N, 95, N, N, 80], '14:23'],
  ])('where few ask, answers %s', (_, answered, end) => {
    const asked = [...some(23 - answered.length + 7, 120), ...answered];
    const failed = [...some(13, N), ...some(asked.length - 13 - answered.length, 120), ...some(answered.length, N)];
    expect(counted(failed, asked)?.end?.slice(11, 16) ?? N).toBe(end);
  });
});

describe('patience follows the pauses seen', () => {
  /** `bursts` of two minutes, `pause` minutes apart, the last followed by `quiet` minutes. */
  const bursts = (count: number, pauses: readonly number[], quiet: number): Values => [
    ...some(40, N),
    ...Array.from({ length: count }, (_, index) => [
      60,
      55,
      ...some(index === count - 1 ? quiet : (pauses[index % pauses.length] ?? 0), N),
    ]).flat(),
  ];
  const over = (failed: Values) => {
    const episode = counted(failed, some(failed.length, 500));
    return (
      episode && {
        over: episode.end !== null,
        bursts: episode.recurring?.bursts,
        every: episode.recurring?.everySeconds,
      }
    );
  };
  test.each<[string, Values, unknown]>([
    ['cycles of seven minutes, five quiet', bursts(5, [5], 5), { over: false, bursts: 5, every: 420 }],
    ['cycles of seven minutes, seven quiet', bursts(5, [5], 7), { over: false, bursts: 5, every: 420 }],
    ['cycles of seven minutes, one missed', bursts(5, [5], 8), { over: true, bursts: 5, every: 420 }],
    ['jobs of twelve minutes, ten quiet', bursts(6, [10], 12), { over: false, bursts: 6, every: 720 }],
    ['jobs of twelve minutes, one missed', bursts(6, [10], 14), { over: true, bursts: 6, every: 720 }],
    ['half-hourly jobs, four seen', bursts(4, [28], 25), { over: false, bursts: 4, every: 1800 }],
    [
      'irregular pauses, the longest twelve minutes',
      bursts(6, [7, 12, 9], 12),
      { over: false, bursts: 6, every: null },
    ],
    ['irregular pauses, quiet for longer', bursts(6, [7, 12, 9], 13), { over: true, bursts: 6, every: null }],
    ['two outages are no series', bursts(2, [40], 4), { over: true, bursts: undefined, every: undefined }],
    [
      'two outages, the pause twenty minutes',
      bursts(2, [20], 14),
      { over: false, bursts: undefined, every: undefined },
    ],
    [
      'two outages, and quiet for a quarter of an hour',
      bursts(2, [20], 15),
      { over: true, bursts: undefined, every: undefined },
    ],
    ['three, exactly as far apart', bursts(3, [43], 25), { over: false, bursts: 3, every: 2700 }],
    ['three, about as far apart', bursts(3, [43, 38], 15), { over: true, bursts: undefined, every: undefined }],
    ['one burst, as ever', bursts(1, [0], 3), { over: true, bursts: undefined, every: undefined }],
  ])('%s', (_, failed, expected) => {
    expect(over(failed)).toEqual(expected);
  });
});

test('single errors here and there are no bursts, and as old as what was read, but for a pause', () => {
  const here = [3, 9, 14, 17, 26, 31, 34, 45, 52, 58];
  const values = Array.from({ length: 180 }, (_, minute) => (here.includes(minute % 60) ? 1 : N));
  const episode = errorEpisode(elb(values, { RequestCount: always(10_000) }), window);
  expect(episode).toMatchObject({ older: true, end: null });
  expect(episode?.recurring).toBeUndefined();
});

test.each<[string, Values, string]>([
  ['rising', newest(2, 2, 2, 9, 9, 9, 9), 'rising'],
  ['steady', newest(9, 9, 9, 9, 9, 9, 9), 'steady'],
  ['falling', newest(90, 90, 90, 20, 20, 20, 20), 'falling'],
  ['a low newest minute is not complete yet', newest(90, 90, 90, 90, 90, 90, 3), 'steady'],
])('the trend is %s', (_, values, trend) => {
  expect(errorEpisode(elb(values), window)?.trend).toBe(trend);
});

test('the baseline is the hour before the onset', () => {
  const values = joined(between(180, 69, 500), between(69, 9, 100), lately(9, 300));
  const episode = errorEpisode(elb(lately(9, 40), { RequestCount: values }), window);
  expect(episode && baselineOf(values, episode)).toBe(100);
});

test('without errors, failing targets of groups that get traffic make the episode', () => {
  const groups = seen(groupMetrics({ [TG]: { 'UnHealthyHostCount.max': newest(0, 2, 2, 2, 2) } }));
  const of = (routed: string[]) => episodeOf(seen(metrics()), groups, routed, window);
  expect(of([TG])).toMatchObject({ of: 'failing-targets', onset: '2026-03-10T14:26:00Z', errors: 0 });
  expect(of([])).toBeNull();
});

describe('symptoms: 0 only when seen', () => {
  test('a count that AWS sends only when it is not zero is 0 while the load balancer reports', () => {
    expect(symptomsOf(seen(metrics()), window)).toMatchObject({ requests: 3600, target5xx: 0, errorShare: 0 });
  });

  test('a load balancer that reported nothing at all is unseen', () => {
    const silent = seen({ ...metrics(), values: {} });
    expect(totalErrors(symptomsOf(silent, window))).toBeNull();
  });

  test.each([
    ['metrics denied', unseen('denied', 'x', 'cloudwatch:GetMetricData')],
    [
      'one error metric could not be read',
      seen(metrics(), [{ why: 'failed' as const, detail: 'x', ids: ['HTTPCode_ELB_502_Count'] }]),
    ],
  ])('%s', (_, observed) => {
    expect(symptomsOf(observed, window)).toMatchObject({ requests: null, target5xx: null, errorShare: null });
  });

  test('what the total holds beyond 500, 502, 503 and 504 is other', () => {
    const both = metrics({ HTTPCode_ELB_502_Count: lately(2, 3), HTTPCode_ELB_5XX_Count: lately(2, 10) });
    expect(symptomsOf(seen(both), window).elb).toEqual({ '500': 0, '502': 6, '503': 0, '504': 0, other5xx: 14 });
  });

  test.each<[string, Partial<Record<LoadBalancerMetric, Values>>, number | null]>([
    [
      '503s that RequestCount leaves out',
      {
        RequestCount: lately(30, 100),
        HTTPCode_Target_2XX_Count: lately(30, 100),
        HTTPCode_ELB_503_Count: lately(30, 50),
      },
      1 / 3,
    ],
    [
      '503s that RequestCount has room for',
      {
        RequestCount: lately(30, 100),
        HTTPCode_Target_2XX_Count: lately(30, 50),
        HTTPCode_ELB_503_Count: lately(30, 50),
      },
      0.5,
    ],
    [
      'a total outage without a request counted',
      { RequestCount: between(180, 40, 100), HTTPCode_ELB_503_Count: lately(30, 50) },
      1,
    ],
    ['requests never seen', { HTTPCode_ELB_503_Count: lately(30, 50) }, N],
  ])('the share counts %s', (_, values, share) => {
    const symptoms = symptomsOf(seen({ grid: metrics().grid, values }), window);
    expect(symptoms.errorShare).toBe(share);
  });
});

test('nothing is counted before the first and after the last datapoint of the load balancer', () => {
  const some = { grid: metrics().grid, values: { RequestCount: between(10, 4, 1) } };
  const zeros = withZeros(some, 'HTTPCode_ELB_502_Count');
  expect([zeros.indexOf(0), zeros.lastIndexOf(0)]).toEqual([170, 175]);
});
