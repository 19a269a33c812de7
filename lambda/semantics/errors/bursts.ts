import { quantileOf, type Span } from '../time/minutes.ts';
import { regularBeginnings } from '../time/regular-beginnings.ts';

/** Runs of ill minutes, and what their pauses tell: how long one has to wait before saying that no more will come. */

/** Ill minutes as one, the last of which reaches into the window. */
export interface Run {
  readonly span: Span;
  /** What it is made of, oldest first. */
  readonly bursts: readonly Span[];
  /** Those before it, too long ago to be one with it. */
  readonly earlier: readonly Span[];
  /** From the beginning of one burst to that of the next, in minutes; `null` where that is not regular. */
  readonly period: number | null;
  /** They stand out from their pauses: single errors here and there do so only where they are regular. */
  readonly recurs: boolean;
  /** The longest pause in it, in minutes. */
  readonly pause: number;
  /** So many minutes must be quiet after it before it is over. */
  readonly patience: number;
}

/** A dip of so many minutes is part of a burst. */
const DIP = 2;
/** Ill minutes no further apart are one run, whatever was seen before. */
const PAUSE = 5;
/** The same where errors come one by one, and the longest pause that one waits for again where pauses are irregular. */
const LONG_PAUSE = 15;
/** Bursts that recurred at least three times are one run over longer pauses. */
const LONGEST_PAUSE = 30;
const LONGEST_PERIOD = 60;
/** Quiet for less proves nothing: the newest minutes are not complete. */
const QUIET_AT_LEAST = 3;

/** `sparse`: errors come one by one, so that minutes without any are part of them. */
export function runReaching(isIll: (minute: number) => boolean, window: Span, sparse: boolean): Run | null {
  const bursts = burstsIn(isIll, window.last);
  const last = bursts.at(-1);
  if (last === undefined || last.last < window.first) return null;
  const series = regularEnd(bursts, sparse);
  const within = pauseWithin(bursts, sparse);
  let joined = series?.count ?? 1;
  while (joined < bursts.length && pauseBefore(bursts, bursts.length - joined) <= within) joined += 1;
  const own = bursts.slice(-joined);
  const span = { first: own[0]?.first ?? last.first, last: last.last };
  const period = series !== null && series.count === joined ? series.period : null;
  const earlier = bursts.slice(0, -joined);
  const recurs = own.length >= 3 && (!sparse || period !== null);
  const pause = longestPause(isIll, span);
  const patience = patienceAfter(bursts, own, period, sparse, pause);
  return { span, bursts: own, earlier, period, recurs, pause, patience };
}

function burstsIn(isIll: (minute: number) => boolean, until: number): readonly Span[] {
  const bursts: { first: number; last: number }[] = [];
  for (let minute = 0; minute <= until; minute += 1) {
    if (!isIll(minute)) continue;
    const burst = bursts.at(-1);
    if (burst !== undefined && minute - burst.last <= DIP + 1) burst.last = minute;
    else bursts.push({ first: minute, last: minute });
  }
  return bursts;
}

/** Quiet minutes between a burst and the one before it. */
function pauseBefore(bursts: readonly Span[], index: number): number {
  const [before, burst] = [bursts[index - 1], bursts[index]];
  return before === undefined || burst === undefined ? Number.POSITIVE_INFINITY : burst.first - before.last - 1;
}

function pausesOf(bursts: readonly Span[]): readonly number[] {
  return bursts.slice(1).map((_, index) => pauseBefore(bursts, index + 1));
}

/** How long a pause may be within one run: by the pauses that are usual between these bursts. */
function pauseWithin(bursts: readonly Span[], sparse: boolean): number {
  if (sparse) return LONG_PAUSE;
  const pauses = pausesOf(bursts);
  const usual = quantileOf(pauses, 0.5);
  if (usual === undefined || pauses.length < 2) return PAUSE;
  const longest = pauses.length < 3 ? Math.min(LONG_PAUSE, 1.5 * usual) : Math.min(LONGEST_PAUSE, 2 * usual);
  return Math.max(PAUSE, longest);
}

/** The newest bursts that begin at regular intervals: three of them, or more where they are far apart or single errors. */
function regularEnd(
  bursts: readonly Span[],
  sparse: boolean,
): { readonly count: number; readonly period: number } | null {
  const {
    count,
    every: period,
    intervals,
  } = regularBeginnings(
    bursts.map(({ first }) => first),
    1,
  );
  if (period === undefined || period > LONGEST_PERIOD || period <= PAUSE) return null;
  const needed = sparse ? 5 : period > LONG_PAUSE && !isExact(intervals) ? 3 : 2;
  return count > needed ? { count, period } : null;
}

/** Two intervals alone may be alike by chance, unless they are the same. */
function isExact([first = 0, second = 0]: readonly number[]): boolean {
  return Math.abs(first - second) <= 1;
}

function patienceAfter(
  bursts: readonly Span[],
  own: readonly Span[],
  period: number | null,
  sparse: boolean,
  pause: number,
): number {
  if (period !== null) {
    const length = Math.min(...own.map(({ first, last }) => last - first + 1));
    return Math.max(QUIET_AT_LEAST, Math.ceil(1.2 * period) + 1 - length);
  }
  if (sparse) return Math.max(QUIET_AT_LEAST, 2 * pause + 1);
  const seen = pausesOf(bursts).filter((between) => between <= LONGEST_PAUSE);
  return Math.max(QUIET_AT_LEAST, ...seen.map((between) => Math.min(LONG_PAUSE, between + 1)));
}

function longestPause(isIll: (minute: number) => boolean, { first, last }: Span): number {
  let longest = 0;
  let quiet = 0;
  for (let minute = first; minute <= last; minute += 1) {
    quiet = isIll(minute) ? 0 : quiet + 1;
    longest = Math.max(longest, quiet);
  }
  return longest;
}
