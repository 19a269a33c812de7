import type { EcsTask, Target } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { secondsBetween } from '../time/minutes.ts';
import { type FailedChecks, failedChecksIn } from './failed-checks.ts';
import { eventsOf } from './service-events.ts';
import type { ServiceInUse } from './services.ts';
import { taskStopsIn } from './task-stops.ts';

/** A target that is gone, or going, for its failed health checks: `reason` and `description` are of then. */
export interface TakenTarget extends Target {
  readonly at: Time;
  /** What told it, as evidence is called. */
  readonly from: 'ecsServices' | 'ecsTasks';
}

/** The event that calls a target unhealthy comes before its task is stopped for it, by so many seconds at most. */
const UPON = 300;

/**
 * The targets that ECS took away in a span of time for failing their health checks, oldest first, and what the load balancer
 * had said of them. Those that took their place are others: what these answer now tells nothing of them.
 */
export function takenTargetsIn({ service, tasks }: ServiceInUse, from: Time, to: Time): readonly TakenTarget[] {
  const isIn = ({ at }: { readonly at: Time }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0;
  const own = new Set(service.targetGroups.map(({ arn }) => arn));
  const listed = new Map(tasks.map((task) => [task.id, task]));
  const told = service.events.flatMap(({ at, message }) => {
    const failed = failedChecksIn(message);
    return failed === null ? [] : [{ at, failed, task: listed.get(failed.id ?? '') }];
  });
  const stops = taskStopsIn(tasks, service).flatMap(({ task, at, kind }) => {
    const failed = kind === 'failed-health-checks' ? failedChecksIn(task.stoppedReason ?? '') : null;
    return failed === null ? [] : [{ at, failed, task }];
  });
  const fromStops = stops.flatMap(({ at, failed, task }) =>
    failed.targetGroups.map((arn): TakenTarget => {
      const event = told.find(
        (one) =>
          one.failed.targetGroups.includes(arn) &&
          (one.task === task || (one.task === undefined && isUpon(one.at, at))),
      );
      const words = failed.reason === null ? (event?.failed ?? failed) : failed;
      return {
        ...targetOf(arn, { ...words, port: failed.port ?? event?.failed.port ?? null }, task),
        at,
        from: 'ecsTasks',
      };
    }),
  );
  // Of tasks that ECS lists no longer: what it did with one upon it is told after it.
  const left = eventsOf(service).filter(({ kind }) => kind === 'stopped' || kind === 'deregistered');
  const fromEvents = told
    .filter(({ at, task }) => task === undefined && !stops.some((stop) => isUpon(at, stop.at)))
    .filter(({ at }) => left.some((event) => isUpon(at, event.at)))
    .flatMap(({ at, failed }) =>
      failed.targetGroups.map((arn): TakenTarget => ({ ...targetOf(arn, failed, undefined), at, from: 'ecsServices' })),
    );
  return [...fromStops, ...fromEvents]
    .filter((one) => own.has(one.targetGroup) && isIn(one))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
}

function isUpon(called: Time, stopped: Time): boolean {
  const after = secondsBetween(called, stopped);
  return after >= 0 && after <= UPON;
}

function targetOf(
  targetGroup: string,
  { id, port, reason, description }: FailedChecks,
  task: EcsTask | undefined,
): Target {
  return {
    targetGroup,
    id: task?.addresses[0] ?? task?.instanceId ?? task?.id ?? id ?? '',
    port,
    zone: task?.zone ?? null,
    healthCheckPort: null,
    state: 'unhealthy',
    reason,
    description,
    anomalous: false,
    override: null,
  };
}
