import type { LoadBalancerMetric, MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { Errors } from '../errors/errors.ts';
import { levelIn, maxOf, meanOf, type Span, seenValues, valuesIn } from '../time/minutes.ts';
import { DEFAULT_IDLE_TIMEOUT } from './idle-timeout.ts';
import { type AnswerTimes, slowestAnswer } from './latency.ts';

/** Answers are near the idle timeout in a band around it: hardly any that would take longer shows in TargetResponseTime. */
const NEAR = 0.85;
const OVER = 1.1;
/** Near in this share of the minutes with a 504, and so many times as often as before: a single request shows no pace. */
const OFTEN = 0.25;
const TIMES_AS_OFTEN = 3;
/** The slowest answers but for one in a hundred took so many times as long as before, and this share of the timeout. */
const TIMES = 2;
const GOOD_PART = 0.25;
const HOUR = 60;
/** The median of a minute wanders by less than half of itself. */
const AS_BEFORE = 1.5;

/** How long answers took, from some minutes before the errors on. */
export interface AnswerPace {
  /** In seconds, of all that hosts answered. */
  readonly slowest: number | null;
  /** Where the slowest of each minute lie: `rarely`, where only those of few minutes come near the timeout. */
  readonly reach: 'near' | 'rarely' | 'beyond' | 'far';
  /** They came near the timeout with the errors, and were not before, as far as that was seen. */
  readonly slowed: boolean;
  /** The 99th percentile, where it rose with the errors. */
  readonly rise: { readonly before: number; readonly after: number } | null;
  /** The groups whose slowest answers are near it. */
  readonly nearIn: readonly string[];
}

/** The groups that get requests: a function is invoked, and takes its time without any connection that could be idle. */
export interface RoutedKinds {
  readonly all: readonly string[];
  readonly functions: readonly string[];
  readonly onHosts: readonly string[];
}

export function paceOf(
  { all, functions, onHosts }: RoutedKinds,
  { metrics, series, span }: Errors,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  timeout: number,
): AnswerPace {
  const groups = byGroup?.of ?? [];
  const asked = groups.filter(({ id }) => onHosts.includes(id)).map(({ values }) => values);
  // How long functions run is in the load balancer's own count, too.
  const times = onHosts.length === all.length ? metrics.values : slowestOf(asked);
  const around = { first: Math.max(0, span.first - 10), last: span.last };
  const hour = { first: around.first - HOUR, last: around.first - 1 };
  const slowest = slowestAnswer(times, around);
  const now = nearness(times, around, timeout);
  const ill = seenValues(valuesIn(series['504'], span)).filter((count) => count > 0).length;
  const outgrown = now.near === 0 && isOutgrown(times, around, span, timeout);
  const rise = riseOfP99(times, hour, span, timeout);
  const isNear = outgrown || (now.near > 0 && (rise !== null || now.near >= OFTEN * ill));

  return {
    ...{ slowest, rise },
    reach: isNear ? 'near' : now.near > 0 ? 'rarely' : (slowest ?? 0) > OVER * timeout ? 'beyond' : 'far',
    // One endpoint that always takes so long proves nothing, unless the timeout itself became too short for it.
    slowed: isNear && (timeout < DEFAULT_IDLE_TIMEOUT || rise !== null || isNewlyNear(now, times, hour, timeout)),
    nearIn: groups.flatMap(({ id, values }) =>
      !functions.includes(id) && nearness(values, around, timeout).near > 0 ? id : [],
    ),
  };
}

interface Nearness {
  readonly near: number;
  readonly seen: number;
}

/** The minutes whose slowest answers lie in the band, among those with an answer. */
function nearness(times: AnswerTimes, part: Span, timeout: number): Nearness {
  const seen = minutesIn(part).flatMap((minute) => slowestAnswer(times, { first: minute, last: minute }) ?? []);
  return { near: seen.filter((one) => one >= NEAR * timeout && one <= OVER * timeout).length, seen: seen.length };
}

/**
 * Answers that took longer than the timeout until the errors began, and none since: it became too short for them. In the
 * minute in which it does, answers may still take as long as before. What sends something now and then may go on for
 * longer than the timeout: then it is the slowest but for one in a hundred that end at it.
 */
function isOutgrown(times: AnswerTimes, around: Span, span: Span, timeout: number): boolean {
  const before = { first: around.first, last: span.first - 1 };
  const since = { first: span.first + 1, last: span.last };
  if ((slowestAnswer(times, before) ?? 0) <= OVER * timeout) return false;
  if ((slowestAnswer(times, since) ?? 0) <= OVER * timeout) return true;
  const p99 = times['TargetResponseTime.p99'];
  const [usual, cut] = [meanOf(valuesIn(p99, before)), maxOf(valuesIn(p99, since))];
  return usual !== null && cut !== null && usual > OVER * timeout && cut >= NEAR * timeout && cut <= OVER * timeout;
}

/** Minutes are held against minutes: the slowest answer of an hour is one request. */
function isNewlyNear({ near, seen }: Nearness, times: AnswerTimes, hour: Span, timeout: number): boolean {
  const isKnown = [times['TargetResponseTime.max'], times['TargetResponseTime.p99']].some(
    (values) => levelIn(values, hour) !== null,
  );
  const before = nearness(times, hour, timeout);
  return !isKnown || near * before.seen >= TIMES_AS_OFTEN * before.near * seen;
}

function riseOfP99(times: AnswerTimes, hour: Span, span: Span, timeout: number): AnswerPace['rise'] {
  const p99 = times['TargetResponseTime.p99'];
  const [before, after] = [levelIn(p99, hour), meanOf(valuesIn(p99, span))];
  if (before === null || after === null || after < Math.max(GOOD_PART * timeout, TIMES * before)) return null;
  return { before, after };
}

export type MedianTimes = Partial<Record<'TargetResponseTime.p50', Values>>;

/** The median of the answers, in seconds, where it stayed about what it had been in the hour before; `null` where not, or unseen. */
export function medianAsBefore(times: MedianTimes | undefined, span: Span): number | null {
  const median = times?.['TargetResponseTime.p50'];
  const around = Math.max(0, span.first - 10);
  const [before, after] = [levelIn(median, { first: around - HOUR, last: around - 1 }), meanOf(valuesIn(median, span))];
  return before !== null && after !== null && after < AS_BEFORE * before ? after : null;
}

/** Minute by minute, of the slowest group. */
function slowestOf(groups: readonly AnswerTimes[]): AnswerTimes {
  const highest = (name: TargetGroupMetric & LoadBalancerMetric): Values => {
    const series = groups.flatMap((values) => [values[name] ?? []]);
    const minutes = Math.max(0, ...series.map(({ length }) => length));
    return Array.from({ length: minutes }, (_, minute) => maxOf(series.map((values) => values[minute] ?? null)));
  };
  return {
    'TargetResponseTime.max': highest('TargetResponseTime.max'),
    'TargetResponseTime.p99': highest('TargetResponseTime.p99'),
  };
}

function minutesIn({ first, last }: Span): readonly number[] {
  return Array.from({ length: Math.max(0, last - Math.max(0, first) + 1) }, (_, n) => Math.max(0, first) + n);
}
