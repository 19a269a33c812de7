import type { AutoScalingGroup, ScalingActivity, Target } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { secondsBetween } from '../time/minutes.ts';

/** What the groups and activities of Auto Scaling mean for the targets they keep. */

export function groupsServing(groups: readonly AutoScalingGroup[], arn: string): readonly AutoScalingGroup[] {
  return groups.filter(({ targetGroups }) => targetGroups.includes(arn));
}

/** The processes that keep a group whole, or let it grow. Others may be suspended for good reasons. */
const KEEPING = ['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy', 'AddToLoadBalancer', 'AlarmNotification'];

export function suspendedProcessesIn({ suspendedProcesses }: AutoScalingGroup): readonly string[] {
  return KEEPING.filter((process) => suspendedProcesses.includes(process));
}

/** Whether a target that fails the load balancer's checks is replaced for it. */
export function replacesFailingTargets({ healthCheckTypes }: AutoScalingGroup): boolean {
  return healthCheckTypes.includes('ELB');
}

export interface HeldInstances {
  /** `Pending:Wait`, `Terminating:Wait`, … */
  readonly state: string;
  readonly ids: readonly string[];
  /** The oldest of them, where an activity tells. */
  readonly since: Time | null;
}

/** Instances that a lifecycle hook holds, by the state it holds them in. */
export function instancesHeldByHooks({ instances, activities }: AutoScalingGroup): readonly HeldInstances[] {
  const waiting = instances.filter(({ lifecycleState }) => lifecycleState.endsWith(':Wait'));
  return [...new Set(waiting.map(({ lifecycleState }) => lifecycleState))].sort().map((state) => {
    const ids = waiting.filter(({ lifecycleState }) => lifecycleState === state).map(({ instanceId }) => instanceId);
    const own = activities.find(({ description }) => ids.some((id) => description.includes(id)));
    return { state, ids, since: own?.at ?? null };
  });
}

/** Launches that failed, the newest of them last, and none that worked since. */
export function failedLaunches({ activities }: AutoScalingGroup): readonly ScalingActivity[] {
  const launches = activities.filter(({ description, cause }) => /^Launching/.test(description || cause));
  const worked = launches.findLastIndex(({ status }) => status === 'Successful');
  return launches.slice(worked + 1).filter(({ status, message }) => status === 'Failed' && message !== null);
}

/** What a process is called after does not happen until somebody resumes it. */
export function isSuspended({ suspendedProcesses }: AutoScalingGroup, process: string): boolean {
  return suspendedProcesses.includes(process);
}

/** The first sentence of what AWS says: the rest is advice. */
export function reasonIn(message: string): string {
  const [first = message] = /^.*?[^.]\.(?=\s|$)/.exec(message) ?? [];
  return first.replace(/\.$/, '');
}

export interface CapacityCut {
  readonly at: Time;
  readonly from: number;
  readonly to: number;
  /** The sentence that tells who or what did it. */
  readonly cause: string;
}

/** The last time that its desired capacity was lowered. */
export function lastCapacityCut({ activities }: AutoScalingGroup): CapacityCut | null {
  const told = activities.flatMap(({ at, cause }): readonly CapacityCut[] =>
    [...cause.matchAll(LOWERED)].flatMap(([sentence, when = at, from, to]) =>
      Number(from) > Number(to)
        ? [{ at: when, from: Number(from), to: Number(to), cause: sentence.replace(/^At \S+ /, '') }]
        : [],
    ),
  );
  return told.at(-1) ?? null;
}

/** The last one, where the group still is as small as it made it. */
export function standingCapacityCut(group: AutoScalingGroup): CapacityCut | null {
  const cut = lastCapacityCut(group);
  return cut?.to === group.desired ? cut : null;
}

/** What is made smaller so long before errors, in seconds, is what is missed; metrics tell the minute. */
const LATELY = 3600;
const MINUTE = 60;

/** The last one, where the group still is as small, and errors began within an hour of it. */
export function capacityCutBefore(group: AutoScalingGroup, onset: Time): CapacityCut | null {
  const cut = standingCapacityCut(group);
  const seconds = cut === null ? Number.NaN : secondsBetween(cut.at, onset);
  return -MINUTE <= seconds && seconds <= LATELY ? cut : null;
}

/** A policy follows a measure: what it took away it may take away again. */
export function isOfPolicy({ cause }: CapacityCut): boolean {
  return /\balarm\b|\bpolicy\b/i.test(cause);
}

/** `At 2026-03-10T14:22:00Z a user request update … changing the desired capacity from 2 to 0.` */
const LOWERED = /At (\d{4}-\S+Z) (?:(?!At \d{4}-).)*?desired capacity from (\d+) to (\d+)/g;

/** An instance that Auto Scaling took away for its failed health checks. */
export interface InstanceReplacement {
  readonly id: string;
  readonly at: Time;
  /** Seconds from its launch; `null` where that is older than what was read. */
  readonly age: number | null;
}

/** The words of Auto Scaling for what the load balancer called unhealthy. */
const FAILED_CHECKS = /ELB system health check failure/i;

/** Oldest first. */
export function replacementsForChecks({ activities }: AutoScalingGroup): readonly InstanceReplacement[] {
  const launchedAt = new Map(
    activities.flatMap(({ at, description }) => {
      const [, id] = /^Launching a new EC2 instance: (i-\w+)/.exec(description) ?? [];
      return id === undefined ? [] : [[id, at] as const];
    }),
  );
  return activities
    .filter(({ cause, description }) => FAILED_CHECKS.test(cause) && /^Terminating/.test(description))
    .flatMap(({ at, description }) => {
      const [id] = /\bi-\w+/.exec(description) ?? [];
      if (id === undefined) return [];
      const launched = launchedAt.get(id);
      return [{ id, at, age: launched === undefined ? null : secondsBetween(launched, at) }];
    });
}

/** Instances in service that the target group does not hold: nobody registered them. */
export function unregisteredInstances(
  group: AutoScalingGroup,
  arn: string,
  targets: readonly Target[],
): readonly string[] {
  const held = new Set(targets.filter(({ targetGroup }) => targetGroup === arn).map(({ id }) => id));
  return group.instances
    .filter(({ instanceId, lifecycleState }) => lifecycleState === 'InService' && !held.has(instanceId))
    .map(({ instanceId }) => instanceId);
}
