import type { Request } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';
import { countsErrors } from '../semantics/errors/error-alarm.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import { COOL_DOWN_SECONDS, counting } from './faults.ts';
import type { Decision, Talk } from './talk.ts';

/**
 * A triage's share of what Elastic Load Balancing and CloudTrail allow an account: about ten calls of 10 a second, and up to
 * seven of 2. So long after it the next one begins.
 */
export const TURN_MS = 2_000;
/** How long one reads at most: then another may. */
export const READING_MS = 60_000;
/** A wait that costs less than coming back. */
const WAITS_HERE_MS = 2_000;
const COMES_BACK_AFTER_MS = 5_000;

/** When a triage may begin, by when all that were granted before it, and it, have had their share. */
export const turnAt = (sharedUntil: number, now: number): number => Math.max(now, sharedUntil - TURN_MS);

export const waitsHere = (turn: number, now: number): boolean => turn - now <= WAITS_HERE_MS;

/** Whoever reads holds the lease for so long after its turn: then it has told, and what it read answers others. */
export const comesBackAt = (leaseUntil: number, now: number): number =>
  Math.max(leaseUntil - READING_MS, now) + COMES_BACK_AFTER_MS;

/**
 * An alarm on errors that went off before AWS was read for another one of the same load balancer: that reading has what this
 * one would show, and its fault is told.
 */
export function answeredBy(talk: Talk, { trigger }: Request, now: Time): Decision | undefined {
  const { at, kind, state } = trigger;
  const read = talk.read;
  if (read === undefined || at === null || kind !== 'alarm' || state !== 'ALARM') return undefined;
  if (countsErrors(trigger) !== true || secondsBetween(at, read.at) < 0) return undefined;
  const fault = talk.faults.find(({ id }) => id === read.id);
  if (fault === undefined || secondsBetween(read.at, now) >= COOL_DOWN_SECONDS) return undefined;
  const after = counting(talk, { by: 'alarm', isOk: false, at }, fault);
  return { say: null, why: `what was read at ${read.at} answers it (went off ${fault.seen + 1} times)`, after };
}
