import type { Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, seenValues, valuesIn } from '../time/minutes.ts';

/** Percent of a file system from which on a write fails, sooner or later: some of the rest is kept for root. */
export const DISK_FULL = 99;
/** From here on it may be full for a big file. */
export const DISK_NEARLY_FULL = 95;
/** The CloudWatch agent sends it every minute, or every five. */
const STEP = 5;
/** Full for longer than this without an error, in minutes, is not why errors began. */
const LONG_BORNE = 60;

/** The fullest file system of an instance as the errors began. */
export interface FullDisk {
  /** The most of the minutes of the errors, in percent. */
  readonly used: number;
  readonly isFull: boolean;
  /** The first minute since which it was full, or nearly full where it is no more. */
  readonly first: number;
  /** It filled up not long before the errors, and stayed so while they lasted. */
  readonly explains: boolean;
}

/**
 * `null`: there was room. `undefined`: not seen; so is what was full for all that was read, and for more than an hour before
 * the errors: that may be an image that cannot be written at all.
 */
export function fullDiskAt(values: Values | undefined, { span, older }: EpisodeSpan): FullDisk | null | undefined {
  const before = { first: Math.max(0, span.first - STEP), last: span.first };
  const known = valuesIn(values, before);
  const at = known.findLast((value) => value !== null);
  if (values === undefined || at === undefined || at === null) return undefined;
  if (at < DISK_NEARLY_FULL) return null;
  const limit = at >= DISK_FULL ? DISK_FULL : DISK_NEARLY_FULL;
  const roomy = values.findLastIndex((value, minute) => minute <= span.first && value !== null && value < limit);
  const first = values.findIndex((value, minute) => minute > roomy && value !== null);
  const long = span.first - first > LONG_BORNE;
  if (roomy < 0 && (long || older)) return undefined;
  const during = seenValues(valuesIn(values, { first: before.first + known.lastIndexOf(at), last: span.last }));
  const stayed = 2 * during.filter((value) => value >= limit).length >= during.length;
  return { used: maxOf(during) ?? at, isFull: limit === DISK_FULL, first, explains: !older && !long && stayed };
}
