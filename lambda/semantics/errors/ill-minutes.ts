import type { Values } from '../../incident/evidence.ts';
import { maxOf, quantileOf, type Span, seenValues, sumOf, valuesIn } from '../time/minutes.ts';

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
/** Up to this share of the requests, fewer than some a minute are a trickle, whatever was usual. */
export const TRICKLE = 0.001;
const SOME = 5;
const BLOCK_MINUTES = 10;
const HOUR = 60;

/**
 * By minute: what `failed`, kind by kind, of what was `asked`, where that is known. Each kind is held against its own usual:
 * what an application always answers hides no other fault. Where no kind is more than usual, all that fails is meant.
 */
export function illMinutes(failed: readonly Values[], asked: Values, window: Span): IllMinutes | null {
  const all = added(failed, () => true);
  if ((maxOf(valuesIn(all, window)) ?? 0) <= 0) return null;
  const raised = failed.map((kind) => raisedMinutes(kind, asked, window));
  const unusual = added(failed, (kind, minute) => raised[kind]?.[minute] === true);
  const meant = (maxOf(valuesIn(unusual, window)) ?? 0) > 0 ? unusual : all;

  const worst = worstOf(meant, window);
  const peak = meant[worst] ?? 0;
  const shares = meant.map((count, minute) => shareOf(count, asked[minute]));
  const peakShare = shares[worst] ?? null;
  const isRaised = (minute: number): boolean => (meant[minute] ?? 0) > 0;
  const atLeast = (minute: number, share: number): boolean => (shares[minute] ?? 0) >= share;
  return {
    peak,
    isIll: (minute) =>
      isRaised(minute) &&
      ((meant[minute] ?? 0) >= Math.max(1, CLEARLY * peak) ||
        (peakShare !== null && atLeast(minute, CLEARLY * peakShare))),
    isRaised,
    isFailing: (minute) =>
      isRaised(minute) && (shares[minute] === null || atLeast(minute, TRICKLE) || (meant[minute] ?? 0) >= SOME),
  };
}

/** Minute by minute; unseen in every kind is unseen in the sum. */
function added(failed: readonly Values[], counts: (kind: number, minute: number) => boolean): Values {
  const [first = []] = failed;
  return first.map((_, minute) =>
    failed.reduce<number | null>((sum, values, kind) => {
      const count = values[minute] ?? null;
      if (count === null) return sum;
      return (sum ?? 0) + (counts(kind, minute) ? count : 0);
    }, null),
  );
}

/**
 * A few more than usual are chance: where so many are expected, up to three times the square root more are, and one. Where
 * nobody saw how many came, it is their number that tells.
 */
function raisedMinutes(failed: Values, asked: Values, window: Span): readonly boolean[] {
  const worst = worstOf(failed, window);
  const peak = failed[worst] ?? 0;
  const peakShare = shareOf(peak, asked[worst]);
  const share = peakShare === null ? null : usualShare(failed, asked, worst);
  const count = quantileOf(seenValues(failed), 0.25) ?? 0;
  return failed.map((value, minute) => {
    const of = asked[minute] ?? null;
    if (value === null || value <= 0) return false;
    if (of === null || peakShare === null || share === null) return value >= Math.min(3 * count, 0.5 * peak);
    const expected = share * of;
    const chance = 3 * Math.sqrt(expected) + (expected < ONE_IN_TWENTY ? 0 : 1);
    return value > expected + chance;
  });
}

const ONE_IN_TWENTY = 0.05;

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

/** More than this share is no trickle, and usual only where it never was much worse, or was so before anything worse. */
const MUCH = 0.02;
/** The worst is at least so many times what is usual. */
const WORSE = 5;

/**
 * The share that fails in quiet times: of the quieter ones among all stretches of ten minutes, unless the median minute is
 * quieter still. So neither an incident that fills most of the three hours moves it, nor bursts that come every few minutes.
 * Of less than an hour an incident may fill most: then it is the quieter minutes that tell. What is left of an outage that
 * was there from the beginning is not usual, however long it lasts.
 */
function usualShare(failed: Values, asked: Values, worst: number): number | null {
  const blocks: { readonly first: number; readonly share: number }[] = [];
  for (let first = 0; first < asked.length; first += BLOCK_MINUTES) {
    const block = { first, last: first + BLOCK_MINUTES - 1 };
    const share = shareOf(sumOf(valuesIn(failed, block)), sumOf(valuesIn(asked, block)));
    if (share !== null) blocks.push({ first, share });
  }
  const minutes = seenValues(failed.map((count, minute) => shareOf(count, asked[minute])));
  const all = blocks.map(({ share }) => share);
  const quiet = quantileOf(all, 0.25);
  const median = quantileOf(minutes, minutes.length < HOUR ? 0.25 : 0.5);
  if (quiet === undefined || median === undefined) return null;
  const usual = Math.min(quiet, median);
  if (usual <= MUCH || Math.max(...all) <= WORSE * Math.min(...all)) return usual;
  const before = blocks.filter(({ first }) => first + BLOCK_MINUTES <= worst).map(({ share }) => share);
  const least = Math.min(1, ...before);
  return least * WORSE <= (shareOf(failed[worst] ?? 0, asked[worst]) ?? 0) ? least : 0;
}
