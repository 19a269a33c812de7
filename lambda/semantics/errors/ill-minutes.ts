import type { Values } from '../../incident/evidence.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';

/** Which minutes are ill: by the number of what fails and by its share of what was asked, both above what is usual. */
export interface IllMinutes {
  /** The most in one minute of the window. */
  readonly peak: number;
  /** Clearly ill, measured by the worst minute of the window: what an episode is made of. */
  isIll(minute: number): boolean;
  /** More than what is usual, if only by a little: on the way up. */
  isRaised(minute: number): boolean;
  /** Raised, and more than a trickle: nobody may say yet that it is over. */
  isFailing(minute: number): boolean;
}

/** Of the worst minute's number or share: a trickle under an outage is no part of it. */
const CLEARLY = 0.05;
/** Up to this share of the requests is a trickle, whatever was usual. */
const TRICKLE = 0.001;
const BLOCK_MINUTES = 10;
const HOUR = 60;

/**
 * By minute: `failed` of `asked`, where that is known. A few more than usual are chance: where so many are expected, up to
 * three times the square root more are. Where nothing quieter was seen, half of the worst minute is ill.
 */
export function illMinutes(failed: Values, asked: Values, window: Span): IllMinutes | null {
  const worst = worstOf(failed, window);
  const peak = failed[worst] ?? 0;
  if (peak <= 0) return null;
  const shares = failed.map((count, minute) => shareOf(count, asked[minute]));
  const peakShare = shares[worst] ?? null;
  const usual = { share: usualShare(failed, asked, shares), count: quantile(failed.filter(isNumber), 0.25) ?? 0 };

  const isRaised = (minute: number): boolean => {
    const count = failed[minute] ?? 0;
    const of = asked[minute] ?? null;
    if (of === null || peakShare === null || usual.share === null) {
      return count > 0 && count >= Math.min(3 * usual.count, 0.5 * peak);
    }
    const expected = usual.share * of;
    return count > 0 && (count > expected + 3 * Math.sqrt(expected) || count >= 0.5 * peakShare * of);
  };
  const atLeast = (minute: number, share: number): boolean => (shares[minute] ?? 0) >= share;
  return {
    peak,
    isIll: (minute) =>
      isRaised(minute) &&
      ((failed[minute] ?? 0) >= Math.max(1, CLEARLY * peak) ||
        (peakShare !== null && atLeast(minute, CLEARLY * peakShare))),
    isRaised,
    isFailing: (minute) => isRaised(minute) && (shares[minute] === null || atLeast(minute, TRICKLE)),
  };
}

function worstOf(failed: Values, { first, last }: Span): number {
  let worst = first;
  for (let minute = first; minute <= last; minute += 1) {
    if ((failed[minute] ?? 0) > (failed[worst] ?? 0)) worst = minute;
  }
  return worst;
}

function shareOf(count: number | null, of: number | null | undefined): number | null {
  return count === null || of === null || of === undefined || of === 0 ? null : Math.min(1, count / of);
}

/**
 * The share that fails in quiet times: of the quieter ones among all stretches of ten minutes, unless the median minute is
 * quieter still. So neither an incident that fills most of the three hours moves it, nor bursts that come every few minutes.
 * Of less than an hour an incident may fill most: then it is the quieter minutes that tell.
 */
function usualShare(failed: Values, asked: Values, shares: Values): number | null {
  const blocks: number[] = [];
  for (let first = 0; first < asked.length; first += BLOCK_MINUTES) {
    const block = { first, last: first + BLOCK_MINUTES - 1 };
    const share = shareOf(sumOf(valuesIn(failed, block)), sumOf(valuesIn(asked, block)));
    if (share !== null) blocks.push(share);
  }
  const minutes = shares.filter(isNumber);
  const quiet = quantile(blocks, 0.25);
  const usual = quantile(minutes, minutes.length < HOUR ? 0.25 : 0.5);
  return quiet === undefined || usual === undefined ? null : Math.min(quiet, usual);
}

function quantile(values: readonly number[], at: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * at)];
}

function isNumber(value: number | null): value is number {
  return value !== null;
}
