import type { Candidate, Cause } from '../causes/cause.ts';
import type { ChangeEvent } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import type { ChangeKind } from '../semantics/changes/change-kinds.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';

/** A change that explains a finding. */
export interface BlamedChange {
  readonly change: ChangeEvent;
  /** It made the very state that the finding tells of, rather than setting off what led to it. */
  readonly makesIt: boolean;
}

/** A change can be felt for so long until it shows, in seconds. */
const HOUR = 3600;
/** Errors are counted by the minute: what was changed within the first one may have begun them. */
const MINUTE = 60;

/**
 * The last change before the fault began, of a resource that the finding is about, and of a kind that can cause it. What
 * was changed after the first error is an attempt to mend, or an effect.
 */
export function changeToBlame(
  cause: Cause,
  found: Candidate,
  onset: Time | null,
  snapshot: Snapshot,
): BlamedChange | null {
  const { question, evidence } = snapshot;
  const begun = found.since ?? onset ?? question.at;
  // What the youngest targets date may be an hour younger than what makes them fail one after the other.
  const first = onset !== null && onset < begun ? onset : begun;
  const [from, to] = [plusSeconds(first, -HOUR), plusSeconds(begun, MINUTE)];
  const about = { found, loadBalancer: question.subject.dimension };
  const candidates = (ifSeen(evidence.changes) ?? []).filter(({ at }) => from <= at);
  const of = (kinds: readonly ChangeKind[], until: Time): ChangeEvent | undefined =>
    decisive(candidates.filter((change) => change.at <= until && kinds.some((kind) => kind(change, about))));
  // What no error comes of may be younger than all errors.
  const made = of([...(found.madeBy ?? []), ...cause.madeBy], found.comesNext ? question.at : to);
  if (made !== undefined) return { change: made, makesIt: true };
  const setOff = of(cause.setOffBy, to);
  return setOff === undefined ? null : { change: setOff, makesIt: false };
}

/** What was open until then: a record of it shows when it began. Another one may have been so before. */
const CLOSINGS: readonly ChangeEvent['details']['is'][] = ['security-group-rules', 'network-acl-entry'];

/**
 * The change that made a state after the first error, where none before it did: the state began with it, and made no error
 * of before.
 */
export function changeAfterOnset(
  cause: Cause,
  found: Candidate,
  onset: Time,
  { question, evidence }: Snapshot,
): BlamedChange | null {
  if (!cause.ofSettings || found.since !== undefined) return null;
  const about = { found, loadBalancer: question.subject.dimension };
  const kinds = [...(found.madeBy ?? []), ...cause.madeBy];
  const change = (ifSeen(evidence.changes) ?? []).findLast(
    (one) =>
      one.at > plusSeconds(onset, MINUTE) &&
      one.at <= question.at &&
      CLOSINGS.includes(one.details.is) &&
      kinds.some((kind) => kind(one, about)),
  );
  return change === undefined ? null : { change, makesIt: true };
}

/** A service acts upon what somebody asked of it: in seconds, or some minutes later. */
const UPON = 900;

/** The last one; where that is the act of a service, what somebody asked for shortly before it. */
function decisive(changes: readonly ChangeEvent[]): ChangeEvent | undefined {
  const last = changes.at(-1);
  if (last === undefined || !isOfService(last)) return last;
  const asked = changes.findLast((change) => !isOfService(change) && plusSeconds(change.at, UPON) >= last.at);
  return asked ?? last;
}

export function isOfService({ by, tool }: ChangeEvent): boolean {
  return by === 'service' && tool === null;
}
