import type { Candidate, Cause } from '../causes/cause.ts';
import type { Moment } from '../computed/fact.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Gap } from '../incident/observed.ts';
import type { Window } from '../incident/question.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { duration, type Time } from '../incident/text.ts';
import { errorEpisode } from '../semantics/errors/episode.ts';
import { reportedRange } from '../semantics/errors/error-series.ts';
import { WHOLE_WINDOW } from '../semantics/errors/survey.ts';
import { secondsBetween, spanOf } from '../semantics/time/minutes.ts';
import { isLate, isOfThen, lateness } from './state-age.ts';

/** A finding and, where what is not known weakens it, why it is no more than circumstantial. */
export interface JudgedFinding {
  readonly cause: Cause;
  readonly found: Candidate;
  readonly capped?: string;
  /** It was made after the first error: so many came on top of those before, and no others are its own. */
  readonly added?: number;
  /** The state of AWS proves it; no more than whether requests failed for it was not seen. */
  readonly ofStateAlone?: true;
}

/** Caps what rests on something that was not seen, or on state that is not of the time of the incident. */
export function temper(
  cause: Cause,
  found: Candidate,
  evidence: ObservedEvidence,
  moment: Moment,
  madeAt?: Time,
): JudgedFinding {
  const why = touchedByGap(cause, found, evidence, moment) ?? provedByLaterState(found, moment, madeAt);
  return why === undefined ? { cause, found } : cap(cause, found, why);
}

export function cap(cause: Cause, found: Candidate, why: string): JudgedFinding {
  if (found.strength === 'circumstantial') return { cause, found };
  return { cause, found: { ...found, strength: 'circumstantial' }, capped: why };
}

function touchedByGap(cause: Cause, found: Candidate, evidence: ObservedEvidence, moment: Moment): string | undefined {
  const subjects = new Set([
    ...found.affects.targetGroups,
    ...found.affects.targets.map((target) => target.id),
    ...(found.restsOn ?? []),
  ]);
  const gap = cause.needs
    .flatMap((key) => gapsOf(key, evidence, moment))
    .find(({ ids }) => found.fromAbsence === true || ids === undefined || ids.some((id) => subjects.has(id)));
  return gap === undefined ? undefined : `not everything it rests on was seen: ${gap.detail}`;
}

function provedByLaterState(found: Candidate, moment: Moment, madeAt: Time | undefined): string | undefined {
  const proof = found.because[0].from;
  if (isOfThen(proof) || !isLate(moment)) return undefined;
  const since = found.since ?? madeAt;
  const datedThen = since !== undefined && secondsBetween(since, moment.at) >= 0;
  return datedThen ? undefined : `${lateness(moment)}, and nothing shows that this state existed then`;
}

export function gapsOf(key: EvidenceKey, evidence: ObservedEvidence, { window }: Moment): readonly Gap[] {
  const observed = evidence[key];
  if (!observed.seen) return [];
  if (key !== 'loadBalancerMetrics') return observed.gaps;
  const all = [...observed.gaps, ...silence(evidence, window), ...unreadPart(evidence, window)];
  // The minutes around errors were read in full: only where they hold none may those of the window be elsewhere.
  return all.some(isOfWindow) && hasErrors(evidence, window) ? all.filter((gap) => !isOfWindow(gap)) : all;
}

/**
 * CloudWatch answers a question about metrics that nobody sent with an empty list. A count of errors is 0 without a
 * datapoint only while the load balancer sends others.
 */
function silence({ loadBalancerMetrics }: ObservedEvidence, window: Window): readonly Gap[] {
  if (!loadBalancerMetrics.seen) return [];
  const { value } = loadBalancerMetrics;
  const range = reportedRange(value);
  // Minutes that were not read, or are no longer kept, are a gap of their own.
  if (range === null && loadBalancerMetrics.gaps.length > 0) return [];
  if (range !== null && range.last >= spanOf(value.grid, window.from, window.to).first) return [];
  return [{ why: 'partial', detail: 'CloudWatch has no metrics of the load balancer in the window' }];
}

/** Snapshots that were saved before long windows were read hold the last hours of them. */
function unreadPart({ loadBalancerMetrics }: ObservedEvidence, { from }: Window): readonly Gap[] {
  if (!loadBalancerMetrics.seen || secondsBetween(from, loadBalancerMetrics.value.grid.from) <= 0) return [];
  const read = duration(60 * loadBalancerMetrics.value.grid.minutes);
  return [{ why: 'partial', detail: `of the window only the last ${read} were read`, ids: [WHOLE_WINDOW] }];
}

function isOfWindow({ ids }: Gap): boolean {
  return ids?.includes(WHOLE_WINDOW) ?? false;
}

function hasErrors({ loadBalancerMetrics }: ObservedEvidence, window: Window): boolean {
  return loadBalancerMetrics.seen && errorEpisode(loadBalancerMetrics.value, window) !== null;
}
