import type { Cause, Found, Moment } from '../causes/cause.ts';
import type { Episode, Missing } from '../incident/diagnosis.ts';
import { EVIDENCE } from '../incident/evidence/table.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { ObservedEvidence, Snapshot } from '../incident/snapshot.ts';
import { duration, type Time } from '../incident/text.ts';
import { QUIET_ERRORS } from '../semantics/errors/episode.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';

/**
 * State is of the moment in which it was read; the incident may have been at another. Read later than this after the
 * moment asked about, it proves nothing alone; in seconds.
 */
export const STATE_STALE_AFTER = 600;

/** CloudWatch keeps minutes for so long, in seconds. */
const MINUTES_KEPT = 15 * 86_400;

/** Of a moment of which no error is to be seen any more, or only roughly, the state of now says nothing by itself. */
export function isOfThenOnly(episode: Episode | null, { question: { at }, collectedAt }: Snapshot): boolean {
  const late = secondsBetween(at, collectedAt);
  return late > MINUTES_KEPT || (episode === null && late > STATE_STALE_AFTER);
}

export function isProvedThen({ found }: { readonly found: Found }): boolean {
  return found.change !== undefined || isOfThen(found.because[0].from);
}

export const isOfThen = (key: EvidenceKey): boolean => EVIDENCE[key].tells === 'then';
export const isLate = ({ at, readAt }: Moment): boolean => secondsBetween(at, readAt) > STATE_STALE_AFTER;
export const lateness = ({ at, readAt, atErrors }: Moment): string =>
  `it was read too late, ${timeBetween(at, readAt)} after ${atErrors ? 'the end of the errors was seen' : 'the moment asked about'}`;

export function lateState(key: EvidenceKey, moment: Moment): readonly Missing[] {
  return isOfThen(key) || !isLate(moment) ? [] : [{ evidence: key, why: 'partial', detail: lateness(moment) }];
}

/** Health checks take so long to notice that all is well again, by default: five of them, 30 s apart. */
const NOTICED_AFTER = 150;

/**
 * Once the errors are over, that nothing is wrong rules out nothing: it may have been mended. A single bad request leaves
 * nothing to mend.
 */
export function mendedState(
  key: EvidenceKey,
  { ofSettings }: Cause,
  { changes }: ObservedEvidence,
  episode: Pick<Episode, 'end' | 'of' | 'errors'> | null,
  { readAt }: Moment,
): readonly Missing[] {
  if (episode === null || (episode.of === 'errors' && episode.errors <= QUIET_ERRORS)) return [];
  const { end, of } = episode;
  if (end === null || secondsBetween(end, readAt) <= NOTICED_AFTER || isOfThen(key)) return [];
  const changesSeen = changes.seen && changes.gaps.length === 0;
  const { recovers } = EVIDENCE[key];
  if (changesSeen && (ofSettings || recovers === undefined)) return [];
  const mended = recovers === undefined ? 'what was wrong may have been fixed' : `${recovers} may have recovered`;
  const detail = `it was read ${timeBetween(end, readAt)} after ${of === 'errors' ? 'the errors were over' : 'targets stopped failing'}: ${mended} by then`;
  return [{ evidence: key, why: 'partial', detail }];
}

function timeBetween(from: Time, to: Time): string {
  const minutes = Math.round(secondsBetween(from, to) / 60);
  return duration(60 * minutes);
}
