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
import { levelIn, maxOf, type Span, spanOf, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { type Run, runReaching } from './bursts.ts';
import { allErrors, type ErrorSeries, errorSeries, reportedRange } from './error-series.ts';
import { type IllMinutes, illMinutes } from './ill-minutes.ts';
import { askedSeries, shareOfRequests } from './requests.ts';

type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** More errors than this in the window are an incident; up to it, single bad requests. */
export const QUIET_ERRORS = 2;

/** An episode with its place on the grid, for those who compute with it. */
export interface EpisodeSpan extends Episode {
  readonly grid: Grid;
  readonly span: Span;
  /** Runs of ill minutes in it: one, unless errors come and go. */
  readonly bursts: readonly Span[];
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
  return (
    errorEpisode(metrics.value, window) ??
    (groupMetrics.seen ? failingTargetsEpisode(groupMetrics.value, routed, window) : null)
  );
}

export function errorEpisode(metrics: LoadBalancerMetrics, window: Window): EpisodeSpan | null {
  const errors = allErrors(errorSeries(metrics));
  const asked = askedSeries(metrics);
  const found = runOf(metrics.grid, errors, asked, window);
  if (found === null) return null;
  const { run, ill } = found;
  const range = reportedRange(metrics) ?? { first: 0, last: metrics.grid.minutes - 1 };
  const last = endOf(run, ill, range.last);
  const span = { first: run.span.first, last };
  const over = isOver({ errors, asked, ill }, last, run.patience);
  return {
    ...described(metrics.grid, { ...run, span }, over, range.first),
    of: 'errors',
    trend: over
      ? 'over'
      : trendOf(errors, asked, { ...span, last: run.bursts.length > 1 ? last : range.last }, run.bursts),
    errors: sumOf(valuesIn(errors, span)) ?? 0,
    errorShare: shareOfRequests(metrics, span),
    ...{ bursts: run.bursts, quiet: quietMinutes(run, ill) },
    ...recurrenceOf(metrics.grid, run),
    ...(over ? {} : unaskedFrom(metrics.grid, asked, last)),
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
  const found = runOf(metrics.grid, failing, asked, window);
  if (found === null) return null;
  const { run, ill } = found;
  const over = isOver({ errors: failing, asked, ill }, run.span.last, run.patience);
  const firstSeen = failing.findIndex((value) => value !== null);
  return {
    ...described(metrics.grid, run, over, firstSeen),
    of: 'failing-targets',
    trend: over ? 'over' : trendOf(failing, asked, run.span, run.bursts),
    errors: 0,
    errorShare: null,
    ...{ bursts: run.bursts, quiet: quietMinutes(run, ill) },
  };
}

/** Up to so many in the worst minute, errors come one by one. */
const SPARSE = 10;

/** The run of ill minutes that reaches into the window, looked for back to the start of the grid, with its ramp. */
function runOf(grid: Grid, errors: Values, asked: Values, window: Window) {
  const inWindow = spanOf(grid, window.from, window.to);
  const ill = illMinutes(errors, asked, inWindow);
  const run = ill && runReaching(ill.isIll, inWindow, ill.peak <= SPARSE);
  if (ill === null || run === null) return null;
  let { first } = run.span;
  while (first > 0 && ill.isRaised(first - 1)) first -= 1;
  return { run: { ...run, span: { first, last: run.span.last } }, ill };
}

/** What fails on after the last clearly ill minute, if only a little, goes on. */
function endOf({ span }: Run, { isFailing }: IllMinutes, lastSeen: number): number {
  let { last } = span;
  for (let minute = last + 1; minute <= lastSeen && minute <= last + AFTERMATH; minute += 1) {
    if (isFailing(minute)) last = minute;
  }
  return last;
}

const AFTERMATH = 5;

/** So many minutes with answers are needed besides: one request that was answered is none. */
const ANSWERED_AT_LEAST = 3;

/**
 * Over only when requests came and were answered, for longer than the pauses before: no request is no recovery. Where
 * nobody saw how many came, minutes that were seen without errors count.
 */
function isOver(
  { errors, asked, ill }: { readonly errors: Values; readonly asked: Values; readonly ill: IllMinutes },
  last: number,
  patience: number,
): boolean {
  const answered = errors.flatMap((count, minute) => {
    const came = asked[minute] === null ? count !== null : (asked[minute] ?? 0) > (count ?? 0);
    return minute > last && came && !ill.isFailing(minute) ? [minute] : [];
  });
  return answered.length >= ANSWERED_AT_LEAST && (answered.at(-1) ?? last) - last >= patience;
}

/** Not next to an ill minute either: what begins in one minute may be counted in the next. */
function quietMinutes({ span, bursts }: Run, { isIll }: IllMinutes): readonly number[] {
  const until = bursts.length > 1 ? span.last : span.first - 1;
  return Array.from({ length: Math.max(0, until) }, (_, minute) => minute).filter(
    (minute) => !isIll(minute - 1) && !isIll(minute) && !isIll(minute + 1),
  );
}

/** CloudWatch has the newest minutes late: fewer than these without a request tell nothing. */
const LATE = 5;

function unaskedFrom(grid: Grid, asked: Values, last: number): Pick<Episode, 'unasked'> {
  const lastAsked = asked.findLastIndex((requests) => (requests ?? 0) > 0);
  if (lastAsked < last || grid.minutes - 1 - lastAsked < LATE) return {};
  return { unasked: { since: timeOfMinute(grid, lastAsked + 1) } };
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
  const chance = 2 * Math.sqrt(expected);
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
