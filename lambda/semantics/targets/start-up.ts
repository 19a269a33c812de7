import type { NetworkInterface, Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import { isTargetOf } from '../ecs/services.ts';
import { maxOf, secondsBetween, valuesIn } from '../time/minutes.ts';
import { noneBecameHealthySince } from './health-history.ts';
import { targetsOf } from './targets.ts';

/** An instance that runs for longer than this, in seconds, has had the time to start its application. */
const START_UP = 600;

type Observations = Pick<ObservedEvidence, 'instances' | 'targetInterfaces' | 'targetGroupMetrics' | 'ecsTasks'>;
export type StartEvidence = Observations & { readonly targetHealth: readonly Target[] };

/**
 * Whether a target has had the time to start its application, or its group was whole before the errors. One that was never
 * up is starting, or belongs to a rollout that fails.
 */
export function isPastStartUp(target: Target, at: Time, onset: number, seen: StartEvidence): boolean {
  const started = startOf(target, seen);
  if (started !== undefined) return secondsBetween(started, at) > START_UP;
  if (comesAndGoes(target, ifSeen(seen.targetInterfaces) ?? [])) return false;
  const series = ifSeen(seen.targetGroupMetrics)?.of.find(({ id }) => id === target.targetGroup)?.values;
  const before = maxOf(valuesIn(series?.['HealthyHostCount.min'], { first: 0, last: onset }));
  return before !== null && before >= targetsOf(seen.targetHealth, target.targetGroup).length;
}

/** When the task or the instance behind a target was started; `undefined` where that was not seen. */
export function startOf(target: Target, seen: Pick<Observations, 'instances' | 'ecsTasks'>): Time | undefined {
  const task = ifSeen(seen.ecsTasks)?.find((one) => one.status === 'RUNNING' && isTargetOf(target, one));
  const launchedAt = ifSeen(seen.instances)?.find(({ id }) => id === target.id)?.launchedAt;
  return task?.startedAt ?? launchedAt ?? undefined;
}

/**
 * Targets that are not healthy because they start, as far as anybody sees: those whose first checks are awaited, and the
 * youngest, if all others of their group are healthy.
 */
export function startingTargets(targets: readonly Target[], at: Time, seen: StartEvidence): readonly Target[] {
  const isYoung = (target: Target) => {
    const started = startOf(target, seen);
    return started !== undefined && secondsBetween(started, at) <= START_UP;
  };
  const isYoungOrWell = (target: Target) => target.state !== 'unhealthy' || isYoung(target);
  return targets.filter(
    (target) =>
      target.state === 'initial' ||
      (target.state === 'unhealthy' && targetsOf(targets, target.targetGroup).every(isYoungOrWell)),
  );
}

/** Whether these are instances that were launched in the time that was read, and in whose groups no target became healthy since. */
export function haveNeverBeenUp(targets: readonly Target[], { instances, targetGroupMetrics }: StartEvidence): boolean {
  const metrics = ifSeen(targetGroupMetrics);
  const launchedAt = (id: string) => ifSeen(instances)?.find((instance) => instance.id === id)?.launchedAt;
  return targets.every(({ id, targetGroup }) => {
    const launched = launchedAt(id);
    return (
      typeof launched === 'string' &&
      metrics !== undefined &&
      launched >= metrics.grid.from &&
      noneBecameHealthySince(launched, metrics, targetGroup)
    );
  });
}

/** Tasks and pods take each other's place in a group: that others were healthy before tells nothing of these. */
function comesAndGoes(target: Target, interfaces: readonly NetworkInterface[]): boolean {
  const holder = interfaces.find(({ addresses }) => addresses.includes(target.id));
  return holder === undefined || holder.instanceId === null || holder.description.startsWith('aws-K8S');
}
