import type { Instance, Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import type { Errors } from '../errors/errors.ts';
import { CPU_LIMIT } from '../load/cpu-saturation.ts';
import type { TargetCpu } from '../load/target-cpu.ts';
import { latest, maxOf, plusSeconds, secondsBetween, valuesIn } from '../time/minutes.ts';
import { slowdownIn } from '../traffic/slowdown.ts';
import { fewerInSince } from './health-history.ts';
import { groupsOf } from './targets.ts';

interface Seen extends Pick<ObservedEvidence, 'targetGroupMetrics'> {
  readonly targetHealth: readonly Target[];
  readonly errors: Errors | undefined;
  readonly load: { cpuOf(target: Target): TargetCpu | undefined } | undefined;
}

/** Metrics tell the minute, and connections that are open live on for a little, in seconds. */
const LIVES_ON = 120;
/** So much later, at most, the load balancer stops to count it as healthy. */
const NOTICED = 600;

/**
 * Up to when instances that are gone make errors: what is unused gets no requests, and what fails later, fails at those that are
 * left. Where these carry twice as much as before, that may come of the loss, unless they are seen to carry it.
 */
export function endOfLoss(
  down: readonly Target[],
  stopped: readonly Instance[],
  left: readonly Target[],
  seen: Seen,
): Time | undefined {
  const at = latest(stopped.flatMap(({ stateSince }) => stateSince ?? []));
  const isWhole = stopped.every(({ stateSince }) => stateSince !== null);
  if (at === undefined || !isWhole || left.length === 0 || down.some(({ state }) => state !== 'unused'))
    return undefined;
  if (down.length >= left.length && !areAtEase(left, seen)) return undefined;
  const fewer = fewerInSince(groupsOf(down), seen.targetHealth, ifSeen(seen.targetGroupMetrics));
  const seconds = fewer === undefined ? 0 : secondsBetween(at, fewer);
  return plusSeconds(at, LIVES_ON + (0 < seconds && seconds <= NOTICED ? seconds : 0));
}

/** Seen to have CPU to spare, and to answer as fast as before. */
function areAtEase(left: readonly Target[], { errors, load }: Seen): boolean {
  if (errors === undefined || errors.episode === null || load === undefined) return false;
  const { span } = errors.episode;
  const slower = slowdownIn(errors.metrics, { first: span.first - 60, last: span.first - 1 }, span);
  const highest = (target: Target) => maxOf(valuesIn(load.cpuOf(target)?.values, span)) ?? CPU_LIMIT;
  return slower === null && left.every((target) => highest(target) < CPU_LIMIT);
}

/** Those that made some of the errors: what was unused before the first of them has had no request since. */
export function makingErrors<One extends { readonly until?: Time | undefined }>(
  found: readonly One[],
  errors: Errors | undefined,
): readonly One[] {
  const onset = errors?.episode?.onset;
  return found.filter(({ until }) => onset === undefined || until === undefined || until > onset);
}
