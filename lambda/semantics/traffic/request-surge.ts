import type { Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { KNOWN_MINUTES, maxOf, meanOf, quantileOf, seenValues, valuesIn } from '../time/minutes.ts';

/** A rise of requests ahead of errors. */
export interface RequestSurge {
  readonly first: number;
  /** Requests a minute before it, and its highest minute up to the first errors. */
  readonly usual: number;
  readonly peak: number;
  /** About as many were answered earlier, without errors. */
  readonly borneBefore: boolean;
}

const TIMES = 2;
/** Fewer more requests a minute than this are a few clients, whatever their share. */
const AT_LEAST = 30;
const HOUR = 60;
/** Up to this many times the usual is no surge yet. */
const ALIKE = 1.3;

/**
 * Looks back from the onset. Clients repeat what fails: in a minute with errors, only what came on top of twice the errors
 * is a surge. `not-seen`: what is usual is not known.
 */
export function requestSurgeBefore(
  requests: Values,
  errors: Values,
  { span }: EpisodeSpan,
): RequestSurge | 'not-seen' | null {
  const usual = usualBefore(requests, span.first);
  if (usual === null) return 'not-seen';
  const much = (minute: number): boolean => {
    const more = (requests[minute] ?? 0) - usual;
    return more >= Math.max(AT_LEAST, (TIMES - 1) * usual) && more > 2 * (errors[minute] ?? 0);
  };
  const last = [span.first + 1, span.first, span.first - 1].find(much);
  if (last === undefined) return null;
  let first = last;
  while (much(first - 1)) first -= 1;
  if (first > span.first) return null;
  // It began where requests left their band, some minutes before they were twice as many.
  const top = topOfBand(requests, span.first, usual);
  while ((requests[first - 1] ?? 0) > top) first -= 1;
  const peak = maxOf(valuesIn(requests, { first, last })) ?? 0;
  const earlier = seenValues(valuesIn(requests, { first: 0, last: Math.max(0, first - 1) }));
  return { first, usual, peak, borneBefore: earlier.filter((value) => value >= 0.9 * peak).length >= 2 };
}

/** What requests vary by, of the minutes that are like the usual ones: three standard deviations above their mean. */
function topOfBand(requests: Values, onset: number, usual: number): number {
  const alike = seenValues(valuesIn(requests, { first: onset - HOUR, last: onset - 1 })).filter(
    (value) => value <= ALIKE * usual,
  );
  const mean = meanOf(alike) ?? usual;
  const variance = meanOf(alike.map((value) => (value - mean) ** 2)) ?? 0;
  return mean + 3 * Math.sqrt(Math.max(variance, mean));
}

/** The lower quartile: a surge that goes on for most of the hour does not move it. Of nothing, there is no multiple. */
function usualBefore(requests: Values, onset: number): number | null {
  const before = onset <= 0 ? [] : seenValues(valuesIn(requests, { first: onset - HOUR, last: onset - 1 }));
  const usual = quantileOf(before, 0.25) ?? 0;
  return before.length < KNOWN_MINUTES || usual < 1 ? null : usual;
}
