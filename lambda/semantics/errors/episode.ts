import type { Episode, Symptoms } from '../../incident/diagnosis.ts';
import type {
  Grid,
  LoadBalancerMetric,
  Metrics,
  MetricsById,
  TargetGroupMetric,
  Values,
} from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import type { Window } from '../../incident/question.ts';
import { maxOf, meanOf, type Span, seenValues, spanOf, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { allErrors, areSymptomsSeen, type ErrorSeries, errorSeries, reportedRange } from './error-series.ts';

type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** More errors than this in the window are an incident; up to it, single bad requests. */
export const QUIET_ERRORS = 2;

/** An episode with its place on the grid, for those who compute with it. */
export interface EpisodeSpan extends Episode {
  readonly grid: Grid;
  readonly span: Span;
}

/** The episode of errors; where there are none, that of failing targets in the groups that get traffic. */
export function episodeOf(
  metrics: Observed<LoadBalancerMetrics>,
  groupMetrics: Observed<MetricsById<TargetGroupMetric>>,
  routed: readonly string[] | null,
  window: Window,
): EpisodeSpan | null {
  if (!metrics.seen) return null;
  return (
    errorEpisode(metrics.value, window) ??
    (groupMetrics.seen ? failingTargetsEpisode(groupMetrics.value, routed, window) : null)
  );
}

export function errorEpisode(metrics: LoadBalancerMetrics, window: Window): EpisodeSpan | null {
  const errors = allErrors(errorSeries(metrics));
  const run = runReaching(metrics.grid, errors, window);
  if (run === null) return null;
  const range = reportedRange(metrics) ?? { first: 0, last: metrics.grid.minutes - 1 };
  const inRun = sumOf(valuesIn(errors, run.span)) ?? 0;
  const over = isOver(errors, run, range.last);
  return {
    ...described(metrics.grid, run.span, over, range.first),
    of: 'errors',
    trend: over ? 'over' : trendOf(valuesIn(errors, { first: run.span.first, last: range.last }), run.sparse),
    errors: inRun,
    errorShare: shareOfRequests(metrics, run.span),
  };
}

function failingTargetsEpisode(
  metrics: MetricsById<TargetGroupMetric>,
  routed: readonly string[] | null,
  window: Window,
): EpisodeSpan | null {
  const groups = metrics.of.filter((group) => routed === null || routed.includes(group.id));
  const failing = Array.from({ length: metrics.grid.minutes }, (_, index) =>
    groups.reduce<number | null>((sum, group) => {
      const hosts = group.values['UnHealthyHostCount.max']?.[index];
      return hosts === null || hosts === undefined ? sum : (sum ?? 0) + hosts;
    }, null),
  );
  const run = runReaching(metrics.grid, failing, window);
  if (run === null) return null;
  const last = failing.findLastIndex((value) => value !== null);
  const over = isOver(failing, run, last);
  return {
    ...described(
      metrics.grid,
      run.span,
      over,
      failing.findIndex((value) => value !== null),
    ),
    of: 'failing-targets',
    trend: over ? 'over' : trendOf(valuesIn(failing, run.span), false),
    errors: 0,
    errorShare: null,
  };
}

interface Run {
  readonly span: Span;
  /** The longest pause inside it, in minutes. */
  readonly pause: number;
  readonly sparse: boolean;
}

/**
 * The run of ill minutes that reaches into the window, looked for back to the start of the grid. A steady trickle under
 * an outage is not part of it, the ramp that leads up to it is; a few errors an hour form one run in spite of pauses.
 */
function runReaching(grid: Grid, values: Values, window: Window): Run | null {
  const inWindow = spanOf(grid, window.from, window.to);
  const peak = maxOf(valuesIn(values, inWindow)) ?? 0;
  if (peak <= 0) return null;
  const trickle = quartile(seenValues(values));
  const floor = Math.max(1, 0.05 * peak, Math.min(3 * trickle, 0.5 * peak));
  const ill = (index: number): boolean => (values[index] ?? 0) >= Math.min(floor, peak);
  const sparse = peak <= 10;
  const patience = sparse ? 15 : 5;

  let last = inWindow.last;
  while (last >= inWindow.first && !ill(last)) last -= 1;
  let first = last;
  let pause = 0;
  for (let index = last - 1; index >= 0 && first - index <= patience + 1; index -= 1) {
    if (!ill(index)) continue;
    pause = Math.max(pause, first - index - 1);
    first = index;
  }
  while (first > 0 && (values[first - 1] ?? 0) > 2 * trickle) first -= 1;
  return { span: { first, last }, pause, sparse };
}

/** The lower quartile: the level of the quieter minutes, unless the incident fills most of the three hours. */
function quartile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? 0;
}

/** Over only when minutes without errors were seen: the newest minute is incomplete, and pauses are part of a trickle. */
function isOver(values: Values, run: Run, lastSeen: number): boolean {
  const quietMinutes = lastSeen - run.span.last;
  const quiet = valuesIn(values, { first: run.span.last + 1, last: lastSeen }).every((value) => value !== null);
  return quiet && quietMinutes >= Math.max(3, run.sparse ? 2 * run.pause + 1 : 0);
}

function described(grid: Grid, span: Span, over: boolean, firstSeen: number) {
  return {
    grid,
    span,
    onset: timeOfMinute(grid, span.first),
    end: over ? timeOfMinute(grid, span.last + 1) : null,
    older: span.first <= 1 && firstSeen <= 1,
  };
}

/**
 * The last three minutes against those before, or, where errors come one by one, the later half against the earlier. The
 * newest minute is left out: CloudWatch has not all of it yet.
 */
function trendOf(values: Values, sparse: boolean): 'rising' | 'steady' | 'falling' {
  const known = seenValues(values).slice(0, -1);
  if (known.length < 4) return 'steady';
  const split = sparse ? Math.floor(known.length / 2) : known.length - 3;
  const recent = meanOf(known.slice(split)) ?? 0;
  const before = meanOf(known.slice(0, split)) ?? 0;
  if (recent > 1.5 * before) return 'rising';
  return recent < 0.5 * before ? 'falling' : 'steady';
}

/** What was asked of the load balancer in the window, and what of it failed. */
export function symptomsOf(metrics: Observed<LoadBalancerMetrics>, window: Window): Symptoms {
  if (!areSymptomsSeen(metrics)) return UNSEEN;
  const span = spanOf(metrics.value.grid, window.from, window.to);
  const errors = errorSeries(metrics.value);
  const inWindow = (values: Values): number | null => sumOf(valuesIn(values, span));
  return {
    requests: inWindow(requestSeries(metrics.value)),
    elb: {
      '500': inWindow(errors['500']),
      '502': inWindow(errors['502']),
      '503': inWindow(errors['503']),
      '504': inWindow(errors['504']),
      other5xx: inWindow(errors.other5xx),
    },
    target5xx: inWindow(errors.target5xx),
    errorShare: shareOfRequests(metrics.value, span),
  };
}

const UNSEEN: Symptoms = {
  requests: null,
  elb: { '500': null, '502': null, '503': null, '504': null, other5xx: null },
  target5xx: null,
  errorShare: null,
};

/** All 5xx in the window, or `null` where they were not seen. */
export function totalErrors(symptoms: Symptoms): number | null {
  const { elb, target5xx } = symptoms;
  const all = [elb['500'], elb['502'], elb['503'], elb['504'], elb.other5xx, target5xx];
  return all.some((value) => value === null) ? null : all.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** Requests by minute; unseen where the load balancer never reported any: RequestCount is not sent without requests. */
export function requestSeries(metrics: LoadBalancerMetrics): Values {
  const values = metrics.values.RequestCount;
  const range = reportedRange(metrics);
  return Array.from({ length: metrics.grid.minutes }, (_, index) => {
    if (values === undefined || range === null || index < range.first || index > range.last) return null;
    return values[index] ?? 0;
  });
}

/**
 * Errors among requests, 0 to 1. A request answered 503 because there is no target is not in RequestCount: such
 * requests are added, as far as RequestCount has no room for them beyond those that reached a target.
 */
function shareOfRequests(metrics: LoadBalancerMetrics, span: Span): number | null {
  const errors = errorSeries(metrics);
  const total = sumOf(valuesIn(allErrors(errors), span));
  const requests = sumOf(valuesIn(requestSeries(metrics), span));
  if (total === null || requests === null) return null;
  const without = sumOf(valuesIn(errors['503'], span)) ?? 0;
  const reached = [
    counts(metrics, 'HTTPCode_Target_2XX_Count', span),
    counts(metrics, 'HTTPCode_Target_3XX_Count', span),
    counts(metrics, 'HTTPCode_Target_4XX_Count', span),
    sumOf(valuesIn(errors.target5xx, span)) ?? 0,
    sumOf(valuesIn(errors['502'], span)) ?? 0,
    sumOf(valuesIn(errors['504'], span)) ?? 0,
  ].reduce((sum, value) => sum + value, 0);
  const uncounted = Math.max(0, without - Math.max(0, requests - reached));
  const asked = requests + uncounted;
  return asked === 0 ? (total === 0 ? 0 : 1) : Math.min(1, total / asked);
}

function counts(metrics: LoadBalancerMetrics, name: LoadBalancerMetric, span: Span): number {
  return sumOf(valuesIn(metrics.values[name], span)) ?? 0;
}

/** The hour before the onset: mean per minute of what was seen of it. */
export function baselineOf(values: Values, episode: EpisodeSpan): number | null {
  return meanOf(valuesIn(values, { first: Math.max(0, episode.span.first - 60), last: episode.span.first - 1 }));
}

/** The errors of an episode, by kind. */
export function errorsInEpisode(errors: ErrorSeries, kind: keyof ErrorSeries, episode: EpisodeSpan): number {
  return sumOf(valuesIn(errors[kind], episode.span)) ?? 0;
}
