import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { withZeros } from '../errors/error-series.ts';
import { askedSeries, REACHED_A_TARGET, requestSeries } from '../errors/requests.ts';
import {
  levelIn,
  meanOf,
  quantileOf,
  type Span,
  seenValues,
  spanOf,
  sumOf,
  sumOfSeries,
  timeOfMinute,
  valuesIn,
} from '../time/minutes.ts';

/** What clients see besides 5xx, and whether they get here at all. */
type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** A level that was left for another one: `now` is the mean since then. */
export interface LevelShift {
  readonly since: Time;
  readonly now: number;
  readonly before: number;
}

/** Minutes at the end of the window that make the level of now, and the hour that makes that of before. */
const NOW = 5;
const HOUR = 60;
/** From this share of the requests on, 4xx are more than a few clients that ask for what is not there. */
const MANY = 0.05;
const TIMES = 3;
/** A rise is of so many at least: two or three bad requests among few are chance. */
const SOME = 5;
/** Fewer requests a minute than this come and go by chance. */
const LOW_TRAFFIC = 10;
/** What is left of the usual requests where something keeps the others away. */
const FEW = 1 / 3;
/** With more than this share of what came before a rise, it is over, and nothing keeps anybody away. */
const BACK = 2 / 3;

/** 4xx among the requests. */
export interface ClientErrors {
  /** So many. */
  readonly requests: number;
  /** Their share: since it rose, where it did; else of the window. */
  readonly share: number;
  /** Since when it has been raised; `null`: not raised, or nobody knows. */
  readonly since: Time | null;
  /** Their share in the hour before that, or before the window; `null`: too little of it was seen. */
  readonly before: number | null;
}

/** The requests that the load balancer refuses itself, where they are many, raised or not. */
export function refusedRequests(metrics: LoadBalancerMetrics, window: Window): ClientErrors | null {
  const span = spanIn(metrics, window);
  const counts = refusals(metrics);
  const { failed: requests } = sumIn(counts, span);
  const share = shareIn(counts, span);
  const before = shareBefore(counts, span.first);
  const many = share !== null && share >= MANY ? { requests, share, since: null, before } : null;
  return risenShare(metrics, counts, span) ?? many;
}

/** The share of the requests that targets answer with 4xx, where that rose. */
export function moreClientErrors(metrics: LoadBalancerMetrics, window: Window): ClientErrors | null {
  const counts = requestSeries(metrics).map((asked, minute): MinuteCount | null => {
    const failed = metrics.values.HTTPCode_Target_4XX_Count?.[minute] ?? 0;
    return asked === null ? null : { failed, asked: Math.max(asked, failed) };
  });
  return risenShare(metrics, counts, spanIn(metrics, window));
}

interface MinuteCount {
  readonly failed: number;
  readonly asked: number;
}

/**
 * Minute by minute. A request that is refused before a target is chosen is in no RequestCount: refused ones are added as
 * far as there is no room for them beyond those that reached a target.
 */
function refusals(metrics: LoadBalancerMetrics): readonly (MinuteCount | null)[] {
  const reached = reachedIn(metrics);
  const refused = withZeros(metrics, 'HTTPCode_ELB_4XX_Count');
  const requests = requestSeries(metrics);
  return askedSeries(metrics).map((asked, minute) => {
    const failed = refused[minute] ?? null;
    if (asked === null || failed === null) return null;
    const room = Math.max(0, (requests[minute] ?? 0) - (reached[minute] ?? 0));
    return { failed, asked: asked + Math.max(0, failed - room) };
  });
}

function reachedIn(metrics: LoadBalancerMetrics): Values {
  return sumOfSeries(...REACHED_A_TARGET.map((name) => withZeros(metrics, name)));
}

function sumIn(counts: readonly (MinuteCount | null)[], { first, last }: Span): MinuteCount {
  return counts
    .slice(Math.max(0, first), last + 1)
    .reduce<MinuteCount>(
      (sum, one) => ({ failed: sum.failed + (one?.failed ?? 0), asked: sum.asked + (one?.asked ?? 0) }),
      { failed: 0, asked: 0 },
    );
}

function shareIn(counts: readonly (MinuteCount | null)[], span: Span): number | null {
  const { failed, asked } = sumIn(counts, span);
  return asked === 0 ? null : failed / asked;
}

/** `null` where too little of the hour before a minute was seen. */
function shareBefore(counts: readonly (MinuteCount | null)[], minute: number): number | null {
  const hour = { first: Math.max(0, minute - HOUR), last: minute - 1 };
  const asked = counts.map((one) => one?.asked ?? null);
  return levelIn(asked, hour) === null ? null : shareIn(counts, hour);
}

/** Looked for in all that was read, not in the window alone: what began an hour ago goes on. */
function risenShare(
  { grid }: LoadBalancerMetrics,
  counts: readonly (MinuteCount | null)[],
  { last }: Span,
): ClientErrors | null {
  const now = sumIn(counts, { first: last - NOW + 1, last });
  if (now.asked < LOW_TRAFFIC || now.failed < MANY * now.asked) return null;
  const turn = turnIn(counts, last);
  if (turn === null) return null;
  const before = shareBefore(counts, turn);
  const since = sumIn(counts, { first: turn, last });
  if (before === null || since.failed < SOME) return null;
  const isRaised = now.failed >= TIMES * before * now.asked && since.failed >= TIMES * before * since.asked;
  return isRaised
    ? { requests: since.failed, share: since.failed / since.asked, since: timeOfMinute(grid, turn), before }
    : null;
}

/** The minute that parts what was read best into a lower share and a higher one. */
function turnIn(counts: readonly (MinuteCount | null)[], last: number): number | null {
  let best: { readonly minute: number; readonly contrast: number } | null = null;
  const all = sumIn(counts, { first: 0, last });
  let [failed, asked] = [0, 0];
  for (let minute = 1; minute <= last - NOW + 1; minute += 1) {
    failed += counts[minute - 1]?.failed ?? 0;
    asked += counts[minute - 1]?.asked ?? 0;
    const left = all.asked - asked;
    if (asked === 0 || left === 0) continue;
    const rise = (all.failed - failed) / left - failed / asked;
    const contrast = rise <= 0 ? 0 : ((asked * left) / all.asked) * rise * rise;
    if (contrast > (best?.contrast ?? 0)) best = { minute, contrast };
  }
  return best?.minute ?? null;
}

/** Requests a minute, where most of the usual ones no longer come. */
export function fewerRequests(metrics: LoadBalancerMetrics, window: Window): LevelShift | null {
  const requests = arrivals(metrics);
  const { first, last } = spanIn(metrics, window);
  const now = meanOf(valuesIn(requests, { first: last - NOW + 1, last }));
  const before = levelIn(requests, { first: first - HOUR, last: first - 1 });
  const levels = now === null || before === null ? null : { now, before };
  if (levels === null || levels.before < LOW_TRAFFIC || levels.now > FEW * levels.before) return null;
  if (levels.now > BACK * usualUntil(requests, first)) return null;
  return turnOf(metrics, requests, levels, window);
}

/** The lower quartile of all that was read: who comes for an hour, and goes again, leaves as many as there were. */
function usualUntil(requests: Values, end: number): number {
  return quantileOf(seenValues(valuesIn(requests, { first: 0, last: end - 1 })), 0.25) ?? 0;
}

/** What the load balancer answers without a target may be in no RequestCount, and did get here: as far as that has no room for it. */
function arrivals(metrics: LoadBalancerMetrics): Values {
  const answered = sumOfSeries(...ANSWERED.map((name) => withZeros(metrics, name)));
  const reached = reachedIn(metrics);
  const { HTTPCode_ELB_502_Count: bad, HTTPCode_ELB_504_Count: late } = metrics.values;
  return requestSeries(metrics).map((requests, minute) => {
    const [own, there] = [answered[minute] ?? null, reached[minute] ?? null];
    if (requests === null || own === null || there === null) return null;
    // These two are of targets that were asked.
    const ofTargets = sumOf([bad?.[minute] ?? null, late?.[minute] ?? null]) ?? 0;
    return requests + Math.max(0, own - ofTargets - Math.max(0, requests - there));
  });
}

const ANSWERED: readonly LoadBalancerMetric[] = ['HTTPCode_ELB_5XX_Count', 'HTTPCode_ELB_4XX_Count'];

interface Levels {
  readonly now: number;
  readonly before: number;
}

/** The newest minute is incomplete. */
function spanIn({ grid }: LoadBalancerMetrics, { from, to }: Window): Span {
  const { first, last } = spanOf(grid, from, to);
  return { first, last: Math.min(last, grid.minutes - 2) };
}

/**
 * Since when it has been nearer to the level of now than to that of before. Where the window begins is no date of anything: it
 * is looked for in all that was read.
 */
function turnOf(
  metrics: LoadBalancerMetrics,
  values: Values,
  { now, before }: Levels,
  window: Window,
): LevelShift | null {
  const { last } = spanIn(metrics, window);
  const isNew = (minute: number): boolean => {
    const value = values[minute] ?? before;
    return Math.abs(value - now) < Math.abs(value - before);
  };
  let since = last - NOW + 1;
  while (since > 0 && (isNew(since - 1) || isNew(since - 2))) since -= 1;
  // Where they fade, that is not the level of now: what is told of a time is of all of it.
  const level = meanOf(valuesIn(values, { first: since, last })) ?? now;
  const fellFrom = levelIn(values, { first: since - HOUR, last: since - 1 });
  return fellFrom === null ? null : { since: timeOfMinute(metrics.grid, since), now: level, before: fellFrom };
}
