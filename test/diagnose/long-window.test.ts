import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { LoadBalancerMetric, Survey, Values } from '../../lambda/incident/evidence.ts';
import { seen, unseen } from '../../lambda/incident/observed.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';
import {
  aSnapshot,
  between,
  type Ill,
  ingress,
  lately,
  metrics,
  NOW,
  partly,
  securityGroup,
  unhealthy,
} from '../support/a-snapshot.ts';

const DAY = 86_400;
const MINUTES = DAY / 60;
const ago = (minutes: number) => plusSeconds(NOW, -60 * minutes);

/** A day by the minute: 120 requests in each, and what is given from so many minutes ago until others. */
function aDay(of: Partial<Record<LoadBalancerMetric, readonly (readonly [number, number, number])[]>> = {}): Survey {
  const row = (runs: readonly (readonly [number, number, number])[]): Values =>
    Array.from({ length: MINUTES }, (_, slot) => {
      const minute = MINUTES - slot;
      return runs.find(([from, until]) => minute <= from && minute > until)?.[2] ?? null;
    });
  return {
    from: ago(MINUTES),
    seconds: 60,
    slots: MINUTES,
    values: {
      RequestCount: row([[MINUTES, 0, 120]]),
      ...Object.fromEntries(Object.entries(of).map(([name, runs]) => [name, row(runs)])),
    },
  };
}

/** Asked about a day, judged at so many minutes ago. */
function aLongWindow(survey: Survey | undefined, minutesAgo: number, ill: Ill = {}): Snapshot {
  const at = ago(minutesAgo);
  const { loadBalancerMetrics = metrics({}, at), ...parts } = ill;
  const snapshot = aSnapshot({ at, readAt: NOW, windowSeconds: 7200, loadBalancerMetrics, ...parts });
  const observed = snapshot.evidence.loadBalancerMetrics;
  const surveyed =
    !observed.seen || survey === undefined ? observed : { ...observed, value: { ...observed.value, survey } };
  return {
    ...snapshot,
    question: { ...snapshot.question, asked: { from: ago(MINUTES), to: NOW } },
    evidence: { ...snapshot.evidence, loadBalancerMetrics: surveyed },
  };
}

const told = (snapshot: Snapshot) => {
  const diagnosis = diagnose(snapshot, CAUSES);
  return { diagnosis, words: renderTerminal(diagnosis, { colour: false, verbose: true }).replace(/\s+/g, ' ') };
};

const twice = <T>(value: T) => ({ HTTPCode_ELB_504_Count: value, HTTPCode_ELB_5XX_Count: value });
/** Twenty minutes of 504 that ended 600 minutes ago, judged half an hour later. */
const TEN_HOURS_AGO = aLongWindow(aDay(twice([[620, 600, 60]])), 570, {
  loadBalancerMetrics: metrics(twice(between(50, 30, 60)), ago(570)),
});

test('errors ten hours ago are the errors of the day', () => {
  const { diagnosis, words } = told(TEN_HOURS_AGO);
  expect(diagnosis).toMatchObject({
    window: { from: ago(MINUTES), to: NOW },
    symptoms: { requests: 172_800, elb: { 504: 1200, 502: 0 } },
    episode: { onset: ago(620), end: ago(600), errors: 1200 },
  });
  expect(diagnosis.verdict.status).not.toBe('quiet');
  expect(words).toContain('1,200 × 504');
  expect(words).toContain('from 04:10 to 04:30 UTC');
  expect(words).not.toMatch(/no request was answered 5xx|in the last 24 h|moment asked about/i);
});

test('what is wrong now is no proof of then', () => {
  const targetHealth = [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')];
  const ill = { loadBalancerMetrics: metrics(twice(between(50, 30, 60)), ago(570)), targetHealth };
  const { diagnosis } = told(aLongWindow(aDay(twice([[620, 600, 60]])), 570, ill));
  expect(diagnosis.verdict.status).not.toBe('identified');
  expect(diagnosis.findings.filter(({ strength }) => strength !== 'circumstantial')).toEqual([]);
});

test('a day without errors is quiet, and named because all of it was read', () => {
  const { diagnosis, words } = told(aLongWindow(aDay(), 0));
  expect(diagnosis.verdict.status).toBe('quiet');
  expect(words).toContain('no request was answered 5xx in the last 24 h.');
  // For the rest of the day, nobody looked at what else clients may have seen.
  expect(words).not.toMatch(/what clients see as errors|a 5xx that clients s(ee|aw)/);
});

test('a quiet day in which the load balancer refused requests says so', () => {
  const { words } = told(aLongWindow(aDay({ HTTPCode_ELB_4XX_Count: [[900, 880, 30]] }), 0));
  expect(words).toContain('in the last 24 h; the load balancer itself answered 600 requests with 4xx');
});

test.each([1, 2])('%i stray errors in a day are no outage', (strays) => {
  const { diagnosis } = told(aLongWindow(aDay(twice([[620, 619, strays]])), 0));
  expect(diagnosis.verdict.status).toBe('quiet');
  expect(diagnosis.symptoms.elb['504']).toBe(strays);
});

test('three of them are', () => {
  const { diagnosis } = told(aLongWindow(aDay(twice([[620, 619, 3]])), 0));
  expect(diagnosis.verdict.status).not.toBe('quiet');
});

test.each([
  [
    'that could not be read',
    aLongWindow(undefined, 0, {
      loadBalancerMetrics: partly(metrics(), { why: 'throttled', detail: 'the window was not read as a whole' }),
    }),
  ],
  ['of a snapshot from before long windows were read', aSnapshot({ windowSeconds: DAY })],
])('a day %s is never quiet', (_, snapshot) => {
  const { diagnosis, words } = told(snapshot);
  expect(diagnosis.verdict.status).toBe('inconclusive');
  expect(diagnosis.symptoms).toMatchObject({ requests: null, elb: { 504: null } });
  expect(words).toContain('the 24 h up to 14:30 UTC could not be read completely');
  expect(words).not.toMatch(/no request was answered|no 5xx was seen|in the last 24 h/i);
});

test('errors that began long before what was read minute by minute began when the survey says', () => {
  const loadBalancerMetrics = metrics(twice(between(180, 0, 60)));
  const { diagnosis, words } = told(aLongWindow(aDay(twice([[620, 0, 60]])), 0, { loadBalancerMetrics }));
  expect(diagnosis.episode).toMatchObject({ onset: ago(620), end: null, older: false, errors: 620 * 60 });
  expect(words).toContain('since 04:10 UTC');
  expect(words).not.toMatch(/or earlier|before 11:30/);
});

test('errors that fill the whole window may be older than it', () => {
  const loadBalancerMetrics = metrics(twice(between(180, 0, 60)));
  const { diagnosis } = told(aLongWindow(aDay(twice([[MINUTES, 0, 60]])), 0, { loadBalancerMetrics }));
  expect(diagnosis.episode).toMatchObject({ onset: ago(MINUTES), older: true });
});

test('of several outages, those that are not judged are told', () => {
  const runs = [
    [1200, 1180, 50],
    [620, 600, 60],
  ] as const;
  const loadBalancerMetrics = metrics(twice(between(50, 30, 60)), ago(570));
  const { diagnosis, words } = told(aLongWindow(aDay(twice(runs)), 570, { loadBalancerMetrics }));
  expect(diagnosis.symptoms.elb['504']).toBe(2200);
  expect(diagnosis.episode).toMatchObject({ errors: 1200 });
  expect(words).toContain(
    'Earlier in the window, from 2026-03-09 18:30 UTC to 2026-03-09 18:50 UTC, 1,000 requests failed as well: those are not judged here',
  );
  expect(words).not.toMatch(/5xx 2 times|is what is judged/);
});

test('bursts that are one episode are told once, as that', () => {
  const bursts = Array.from({ length: 12 }, (_, index) => [30 + index * 120, 28 + index * 120, 50] as const);
  const minutes = metrics(
    twice(
      lately(180, null).map((_, minute) =>
        [28, 29].includes(179 - minute) || [148, 149].includes(179 - minute) ? 50 : null,
      ),
    ),
  );
  const { diagnosis, words } = told(aLongWindow(aDay(twice(bursts)), 0, { loadBalancerMetrics: minutes }));
  expect(diagnosis.episode).toMatchObject({ end: null, recurring: { bursts: 12, everySeconds: 7200 } });
  expect(words).not.toMatch(/not judged here|\d times|ended/);
});

test.each([
  [110, 85, 300, 'Earlier in the window, from 12:40 UTC to 13:05 UTC, 7,500 requests failed as well'],
  [110, 109, 3, 'Earlier in the window, from 12:40 UTC to 12:41 UTC, 3 requests failed as well'],
  [110, 109, 2, null],
  [150, 125, 300, null],
])('in a window of two hours an outage from %i to %i minutes ago, of %i a minute', (from, until, aMinute, said) => {
  const row = Array.from({ length: 180 }, (_, minute) => {
    const back = 180 - minute;
    if (back <= from && back > until) return aMinute;
    return back <= 20 && back > 10 ? 60 : null;
  });
  const requests = { RequestCount: row.map(() => 400) };
  const loadBalancerMetrics = metrics({ ...requests, ...twice(row) });
  const { diagnosis, words } = told(aSnapshot({ windowSeconds: 7200, loadBalancerMetrics }));
  expect(diagnosis.episode).toMatchObject({ errors: 600 });
  if (said === null) expect(words).not.toContain('not judged here');
  else expect(words).toContain(`${said}: those are not judged here`);
});

const failing: Ill = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };

test.each<[string, number, string]>([
  ['64 days ago', 64, 'CloudWatch keeps minutes for 15 days and five minutes for 63: of that time it has hours only'],
  ['500 days ago', 500, 'CloudWatch keeps metrics for 455 days, and has none left of that time'],
])('%s, state of now suspects nothing, and the reader hears what is gone', (_, days, detail) => {
  const at = plusSeconds(NOW, -days * DAY);
  const gone = { loadBalancerMetrics: unseen('not-asked', detail) };
  const snapshot = aSnapshot({ at, readAt: NOW, ...failing });
  const { diagnosis, words } = told({ ...snapshot, evidence: { ...snapshot.evidence, ...gone } });
  expect(diagnosis.verdict).toMatchObject({ status: 'inconclusive', cause: null });
  expect(words).toContain(detail);
  expect(words).not.toMatch(/no request was answered|no metric at all/i);
});

test('a day of 64 days ago is told by the hour, and judged by nothing of now', () => {
  const hours = (errors: Values): Survey => ({
    from: plusSeconds(NOW, -65 * DAY),
    seconds: 3600,
    slots: 24,
    values: { RequestCount: Array.from({ length: 24 }, () => 7200), ...twice(errors) },
  });
  const at = plusSeconds(NOW, -64 * DAY);
  const gap = { why: 'not-asked', detail: 'CloudWatch has hours only', ids: ['RequestCount'] } as const;
  const grid = { from: plusSeconds(at, -10_800), minutes: 180 };
  const snapshot = aSnapshot({ at, readAt: NOW, windowSeconds: 7200, ...failing });
  const survey = hours(Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 1200 : null)));
  const { diagnosis, words } = told({
    ...snapshot,
    question: { ...snapshot.question, asked: { from: plusSeconds(at, -DAY), to: at } },
    evidence: { ...snapshot.evidence, loadBalancerMetrics: seen({ grid, values: {}, survey }, [gap]) },
  });
  expect(diagnosis).toMatchObject({
    symptoms: { requests: 172_800, elb: { 504: 1200 } },
    episode: null,
    verdict: { status: 'inconclusive' },
  });
  expect(words).toContain('1,200 requests answered 5xx');
  expect(words).toContain('CloudWatch has hours only');
  expect(words).toMatch(
    /In the window, from about 2026-01-04 23:30 UTC to 2026-01-05 00:30 UTC, 1,200 requests failed/,
  );
  expect(words).not.toContain('failed as well');
  expect(words).not.toMatch(/no request was answered|no metric at all/i);
});

test.each([
  ['15 days', 15 * DAY, 'suspected', 'target-security-group-closed'],
  ['a second more', 15 * DAY + 1, 'inconclusive', null],
])(
  'of errors %s ago, the state of now is the cause of none that CloudWatch has forgotten',
  (_, seconds, status, cause) => {
    const at = plusSeconds(NOW, -seconds);
    const loadBalancerMetrics = metrics(twice(between(50, 10, 60)), at);
    const securityGroups = [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', []),
    ];
    const { diagnosis } = told(aSnapshot({ at, readAt: NOW, loadBalancerMetrics, securityGroups, ...failing }));
    expect(diagnosis.verdict).toMatchObject({ status, cause });
    expect(diagnosis.findings[0]).toMatchObject({ cause: 'target-security-group-closed', strength: 'circumstantial' });
  },
);

const closed: Ill = {
  securityGroups: [
    securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
    securityGroup('sg-app', []),
  ],
  ...failing,
};
const throttledWindow = (of: Parameters<typeof metrics>[0]) =>
  partly(metrics(of), {
    ...{ why: 'throttled', detail: 'the window was not read as a whole: cloudwatch:GetMetricData was throttled' },
    ids: ['the whole window'],
  });

test.each([
  [
    'that could not be read',
    aLongWindow(undefined, 0, { ...closed, loadBalancerMetrics: throttledWindow(twice(between(20, 0, 120))) }),
  ],
  [
    'of a snapshot from before long windows were read',
    aSnapshot({ ...closed, windowSeconds: DAY, loadBalancerMetrics: metrics(twice(between(20, 0, 120))) }),
  ],
])('errors in the minutes are judged by them, in a day %s', (_, snapshot) => {
  const { diagnosis, words } = told(snapshot);
  expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: 'target-security-group-closed' });
  expect(diagnosis.findings[0]).not.toHaveProperty('capped');
  expect(diagnosis.symptoms.requests).toBeNull();
  expect(diagnosis.ruledOut.map(({ cause }) => cause)).toContain('crashing-backend');
  expect(words).not.toMatch(/ \d{4}-\d\d-\d\dT/);
});

test.each([
  ['that could not be read', aLongWindow(undefined, 0, { ...closed, loadBalancerMetrics: throttledWindow({}) })],
  ['of a snapshot from before long windows were read', aSnapshot({ ...closed, windowSeconds: DAY })],
])('minutes without an error, in a day %s, are told as what they are', (_, snapshot) => {
  const { diagnosis, words } = told(snapshot);
  expect(diagnosis.verdict).toMatchObject({ status: 'inconclusive', cause: null });
  expect(words).toContain(
    'No cause found: the 24 h up to 14:30 UTC could not be read completely, and no error was found in the last 3 h, which were read; as AWS was read at 14:30 UTC, sg-app does not allow inbound traffic',
  );
  expect(diagnosis.findings.map(({ strength }) => strength)).not.toContain('decisive');
  expect(diagnosis.ruledOut.map(({ cause }) => cause)).not.toContain('crashing-backend');
  expect(words).not.toMatch(
    /whether it makes the errors|suspected|no request was answered|(?<!--at) \d{4}-\d\d-\d\dT/i,
  );
});

/** All requests failed for so many minutes, and then nobody came. */
const thenNobody = (minutes: number, until: number): Ill => {
  const value = metrics(twice(between(minutes + until, until, 120)));
  const row = (values: Values = []) => values.map((each, minute) => (minute < 180 - until ? each : null));
  const values = Object.fromEntries(Object.entries(value.values).map(([name, given]) => [name, row(given)]));
  return { loadBalancerMetrics: { ...value, values } };
};

test('errors before the window, and nobody in it: neither quiet nor suspected of anything', () => {
  const { diagnosis, words } = told(aSnapshot({ ...closed, ...thenNobody(20, 31) }));
  expect(diagnosis.verdict).toMatchObject({ status: 'inconclusive', cause: null });
  expect(words).toContain(
    'No cause found: no request was counted in the 30 min up to 14:30 UTC; the last error before was at 13:58 UTC, and 2,400 requests failed in the 3 h that were read',
  );
  expect(words).not.toMatch(/error metrics could not be seen|suspected|quiet|whether it makes the errors/i);
});

test('errors that reach into the window are judged, though nobody came after them', () => {
  const { diagnosis } = told(aSnapshot({ ...closed, ...thenNobody(20, 28) }));
  expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: 'target-security-group-closed' });
  expect(diagnosis.episode).toMatchObject({ end: null });
});

test('of a moment that had not come, nothing is suspected', () => {
  const at = plusSeconds(NOW, 365 * DAY);
  const trigger = { kind: 'alarm', at, state: 'ALARM', datapoints: [{ at, value: 60 }] } as const;
  const nothingYet = { ...metrics({}, at), values: {} };
  const snapshot = aSnapshot({ ...closed, at, readAt: NOW, loadBalancerMetrics: nothingYet });
  const { diagnosis, words } = told({ ...snapshot, question: { ...snapshot.question, trigger } });
  expect(diagnosis.verdict).toMatchObject({ status: 'inconclusive', cause: null });
  expect(words).toContain(
    'No cause found: the time asked about, 2027-03-10 14:30 UTC, was still in the future when AWS was read; as AWS was read',
  );
  expect(words).not.toMatch(/suspected|whether it makes the errors/i);
});

test.each([
  ['as AWS was read', 0, /web: 100 % of requests fail \(504\) since 14:10 UTC \(2026-03-10\), /],
  ['ten minutes before', 600, /web: 100 % of requests fail \(504\) since 14:00 UTC \(2026-03-10\), /],
  ['a minute more', 660, /web: 100 % of requests failed \(504\) from 13:59 to 14:19 UTC \(2026-03-10\)\./],
  ['20 days ago', 20 * DAY, /web: 100 % of requests failed \(504\) from 2026-02-18 14:10 to 14:30 UTC\./],
])('what fails at a moment is told in the tense of that moment: %s', (_, seconds, expected) => {
  const at = plusSeconds(NOW, -seconds);
  const loadBalancerMetrics = metrics(twice(between(20, 0, 120)), at);
  expect(told(aSnapshot({ at, readAt: NOW, loadBalancerMetrics })).words).toMatch(expected);
});

test.each([
  [90, 'in the last 90 s'],
  [150, 'in the last 2 min 30 s'],
  [3600, 'in the last 1 h'],
])('a window of %i seconds is as long as it was asked for', (windowSeconds, said) => {
  expect(told(aSnapshot({ windowSeconds })).words).toContain(said);
});
