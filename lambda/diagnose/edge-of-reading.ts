import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';

/** Checks fail for some minutes until a target is called unhealthy: that much a first minute is dated back. */
const DATED_BACK = 600;

/** What is so in the first minute that was read of the metrics may have been so for longer. */
export function mayBeOlder(since: Time, { loadBalancerMetrics }: ObservedEvidence): boolean {
  const from = ifSeen(loadBalancerMetrics)?.grid.from;
  if (from === undefined) return false;
  const seconds = secondsBetween(since, from);
  return seconds >= 0 && seconds <= DATED_BACK;
}
