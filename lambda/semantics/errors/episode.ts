import { ERROR_KINDS } from '../../incident/cause.ts';
import type { Episode, Symptoms } from '../../incident/diagnosis.ts';
import type { Grid, LoadBalancerMetrics, MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import type { Window } from '../../incident/question.ts';
import { memo } from '../memo.ts';
import { onceFor } from '../once-for.ts';
import {
  KNOWN_MINUTES,
  levelIn,
  maxOf,
  type Span,
  spanOf,
  sumOf,
  sumOfSeries,
  timeOfMinute,
  valuesIn,
} from '../time/minutes.ts';
import { aftermathOf, answeredSeries, quietMinutesAfter, unaskedFrom } from './aftermath.ts';
import { type Run, runReaching } from './bursts.ts';
import { allErrors, areSymptomsSeen, type ErrorSeries, errorSeries, reportedRange } from './error-series.ts';
import { type IllMinutes, illMinutes } from './ill-minutes.ts';
import { askedSeries, shareOfRequests } from './requests.ts';
import { surveyRecurrence } from './survey-recurrence.ts';

/** More errors than this in the window are an incident; up to it, single bad requests. */
export const QUIET_ERRORS = 2;

/** An episode with its place on the grid, for those who compute with it. */
export interface EpisodeSpan extends Episode {
  readonly grid: Grid;
  readonly span: Span;
  /** Runs of ill minutes in it: one, unless errors come and go. */
  readonly bursts: readonly Span[];
  /** Runs before it, too long ago to be one with it. */
  readonly earlier: readonly Span[];
  /** Minutes before it and in its pauses in which nothing was ill: what they show is usual. */
  readonly quiet: readonly number[];
}

/** The episode of errors; where there are none, that of failing targets in the groups that get traffic. */
export function episodeOf(
  metrics: Observed<LoadBalancerMetrics>,
  groupMetrics: Observed<MetricsById<TargetGroupMetric>>,
  routed: readonly string[] | null,
  window: Window,
): EpisodeSpan | null {
  if (!metrics.seen) return null;
  const errors = errorEpisode(metrics.value, window);
  if (errors === null) return groupMetrics.seen ? failingTargetsEpisode(groupMetrics.value, routed, window) : null;
  // Of counts that were read in part, the newest minutes may be missing: they end nothing.
  if (errors.end === null || areSymptomsSeen(metrics)) return errors;
  return { ...errors, end: null, trend: 'steady' };
}

export function errorEpisode(metrics: LoadBalancerMetrics, window: Window): EpisodeSpan | null {
  return episodesOf(metrics)(`${window.from} ${window.to}`, () => episodeIn(metrics, window));
}

const episodesOf = onceFor((_: LoadBalancerMetrics) => memo<EpisodeSpan | null>());

function episodeIn(metrics: LoadBalancerMetrics, window: Window): EpisodeSpan | null {
  const series = errorSeries(metrics);
  const errors = allErrors(series);
  const asked = askedSeries(metrics);
  const found = runOf(
    metrics.grid,
    ERROR_KINDS.map((kind) => series[kind]),
    asked,
    window,
  );
  if (found === null) return null;
  const { run, ill } = found;
  const range = reportedRange(metrics) ?? { first: 0, last: metrics.grid.minutes - 1 };
  const later = quietMinutesAfter(metrics, QUIET_ERRORS);
  const { last, over: quiet } = aftermathOf(run, ill, answeredSeries(metrics, asked), range.last, later);
  const span = { first: run.span.first, last };
  const [onset, end] = [timeOfMinute(metrics.grid, span.first), timeOfMinute(metrics.grid, last + 1)];
  const awaited = metrics.survey === undefined ? null : surveyRecurrence(metrics.survey, onset, end);
  const over = quiet && awaited === null;
  const spanSeen = { ...span, last: run.bursts.length > 1 ? last : range.last };
  const trend = over ? 'over' : awaited !== null ? 'steady' : trendOf(errors, asked, spanSeen, run.bursts);
  return {
    ...described(metrics.grid, { ...run, span }, over, range.first),
    of: 'errors',
    trend,
    ...((trend === 'rising' || trend === 'falling') && run.bursts.length === 1 && ill.peak > SPARSE
      ? latelyIn(metrics, range.last)
      : {}),
    ...(over && (sumOf(valuesIn(errors, { first: last + 1, last: range.last })) ?? 0) > QUIET_ERRORS
      ? { usualSince: end }
      : {}),
    errors: sumOf(valuesIn(errors, span)) ?? 0,
    errorShare: shareOfRequests(metrics, span),
    ...{ bursts: run.bursts, earlier: run.earlier, quiet: quietMinutes(run, ill) },
    ...(awaited === null ? recurrenceOf(metrics.grid, run) : { recurring: awaited.recurring }),
    ...(over ? {} : unaskedFrom(metrics, asked, last)),
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
  const asked = failing.map(() => null);
  const found = runOf(metrics.grid, [failing], asked, window);
  if (found === null) return null;
  const { run, ill } = found;
  const well = failing.map((hosts) => (hosts === null ? null : 1));
  const { over } = aftermathOf(run, ill, well, metrics.grid.minutes - 1);
  const firstSeen = failing.findIndex((value) => value !== null);
  return {
    ...described(metrics.grid, run, over, firstSeen),
    of: 'failing-targets',
    trend: over ? 'over' : trendOf(failing, asked, run.span, run.bursts),
    errors: 0,
    errorShare: null,
    ...{ bursts: run.bursts, earlier: run.earlier, quiet: quietMinutes(run, ill) },
  };
}

/** Of the last three minutes that are complete. */
function latelyIn(metrics: LoadBalancerMetrics, newest: number): Pick<Episode, 'shareLately'> {
  const share = shareOfRequests(metrics, { first: newest - 3, last: newest - 1 });
  return share === null ? {} : { shareLately: share };
}

/** Up to so many in the worst minute, errors come one by one. */
const SPARSE = 10;

/** The run of ill minutes that reaches into the window, looked for back to the start of the grid, with its ramp. */
function runOf(grid: Grid, kinds: readonly Values[], asked: Values, window: Window) {
  const inWindow = spanOf(grid, window.from, window.to);
  const ill = illMinutes(kinds, asked, inWindow);
  const run = ill && runReaching(ill.isIll, inWindow, ill.peak <= SPARSE);
  if (ill === null || run === null) return null;
  let { first } = run.span;
  while (first > 0 && ill.isRaised(first - 1)) first -= 1;
  const span = { first, last: run.span.last };
  const earlier = isStationary(sumOfSeries(...kinds), asked, span)
    ? asked.findIndex((_, minute) => ill.isIll(minute))
    : first;
  return { run: { ...run, span: { ...span, first: Math.min(first, earlier) } }, ill };
}

/** As many of the requests before it as in it, but for chance: it began before what was read. */
function isStationary(failed: Values, asked: Values, span: Span): boolean {
  const before = { first: 0, last: span.first - 1 };
  const [askedBefore, askedIn] = [sumOf(valuesIn(asked, before)), sumOf(valuesIn(asked, span))];
  if (span.first < KNOWN_MINUTES || !askedBefore || askedIn === null) return false;
  const expected = ((sumOf(valuesIn(failed, before)) ?? 0) / askedBefore) * askedIn;
  return expected > 0 && (sumOf(valuesIn(failed, span)) ?? 0) <= expected + 2 * Math.sqrt(expected);
}

/** Not next to an ill minute either: what begins in one minute may be counted in the next. */
function quietMinutes({ span, bursts }: Run, { isIll }: IllMinutes): readonly number[] {
  const until = bursts.length > 1 ? span.last : span.first - 1;
  return Array.from({ length: Math.max(0, until) }, (_, minute) => minute).filter(
    (minute) => !isIll(minute - 1) && !isIll(minute) && !isIll(minute + 1),
  );
}

/** Of bursts with longer pauses than dips. */
function recurrenceOf(grid: Grid, { bursts, period, recurs }: Run): Pick<Episode, 'recurring'> {
  const last = bursts.at(-1);
  if (!recurs || last === undefined) return {};
  return {
    recurring: {
      bursts: bursts.length,
      everySeconds: period === null ? null : period * 60,
      last: { from: timeOfMinute(grid, last.first), to: timeOfMinute(grid, last.last + 1) },
    },
  };
}

function described(grid: Grid, { span, pause }: Run, over: boolean, firstSeen: number) {
  return {
    grid,
    span,
    onset: timeOfMinute(grid, span.first),
    end: over ? timeOfMinute(grid, span.last + 1) : null,
    // A run with pauses may have been in one of them as what was read begins.
    older: span.first <= Math.max(1, pause) && firstSeen <= 1,
  };
}

/**
 * By share, where requests were seen: the last three minutes against those before, or, where errors come one by one or in
 * bursts, the later half against the earlier. The newest minute is left out: CloudWatch has not all of it yet.
 */
function trendOf(
  errors: Values,
  asked: Values,
  { first, last }: Span,
  bursts: readonly Span[],
): 'rising' | 'steady' | 'falling' {
  const seen = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index).filter(
    (minute) => (errors[minute] ?? null) !== null,
  );
  if (seen.length < 4) return 'steady';
  const worst = maxOf(valuesIn(errors, { first, last })) ?? 0;
  const split = worst <= SPARSE || bursts.length > 1 ? Math.floor(seen.length / 2) : seen.length - 3;
  const part = (minutes: readonly number[]) => {
    const of = sumOf(minutes.map((minute) => asked[minute] ?? null));
    const failed = sumOf(minutes.map((minute) => errors[minute] ?? null)) ?? 0;
    return { failed, of: of === null || of === 0 ? minutes.length : of };
  };
  const [before, recent] = [part(seen.slice(0, split)), part(seen.slice(split))];
  const expected = (before.failed / before.of) * recent.of;
  // A few more or less of single errors are chance.
  const chance = 3 * Math.sqrt(expected);
  if (recent.failed > Math.max(1.5 * expected, expected + chance)) return 'rising';
  return recent.failed < Math.min(0.5 * expected, expected - chance) ? 'falling' : 'steady';
}

/** All 5xx in the window, or `null` where they were not seen. */
export function totalErrors(symptoms: Symptoms): number | null {
  const { elb, target5xx } = symptoms;
  const all = [elb['500'], elb['502'], elb['503'], elb['504'], elb.other5xx, target5xx];
  return all.some((value) => value === null) ? null : all.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The hour before the onset: mean per minute; `null` where too little of it was seen to know what is usual. */
export function baselineOf(values: Values, episode: EpisodeSpan): number | null {
  return levelIn(values, { first: Math.max(0, episode.span.first - 60), last: episode.span.first - 1 });
}

/** The errors of an episode, by kind. */
export function errorsInEpisode(errors: ErrorSeries, kind: keyof ErrorSeries, episode: EpisodeSpan): number {
  return sumOf(valuesIn(errors[kind], episode.span)) ?? 0;
}
