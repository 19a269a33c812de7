import type { EcsService, EcsTask, Target } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { secondsBetween } from '../time/minutes.ts';
import { type FailedChecks, failedChecksIn, namesNoGroup } from './failed-checks.ts';
import { eventsOf } from './service-events.ts';
import type { ServiceInUse } from './services.ts';
import { type TaskStop, taskStopsIn } from './task-stops.ts';

/** A target that is gone, or going, for its failed health checks: `reason` and `description` are of then. */
export interface TakenTarget extends Target {
  readonly at: Time;
  /** What told it, as evidence is called. */
  readonly from: 'ecsServices' | 'ecsTasks';
  /** Where it had its interface; absent where it shared that of an instance, or where that was not read. */
  readonly network?: NonNullable<EcsService['network']>;
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
  const network = service.network === undefined ? {} : { network: service.network };
  const told = calledUnhealthy({ service, tasks });
  const stops = taskStopsIn(tasks, service).filter(({ kind }) => kind === 'failed-health-checks');
  const fromStops = stops.flatMap(({ at, task, kind }) =>
    failuresOf({ task, at, kind }, told, own).map(
      ({ targetGroup, words }): TakenTarget => ({
        ...targetOf(targetGroup, words, task),
        ...{ at, from: 'ecsTasks', ...network },
      }),
    ),
  );
  // Of tasks that ECS lists no longer: what it did with one upon it is told after it.
  const left = eventsOf(service).filter(({ kind }) => kind === 'stopped' || kind === 'deregistered');
  const fromEvents = told
    .filter(({ at, task }) => task === undefined && !stops.some((stop) => isUpon(at, stop.at)))
    .filter(({ at }) => left.some((event) => isUpon(at, event.at)))
    .flatMap(({ at, failed }) =>
      failed.targetGroups.map(
        (arn): TakenTarget => ({ ...targetOf(arn, failed, undefined), at, from: 'ecsServices', ...network }),
      ),
    );
  return [...fromStops, ...fromEvents]
    .filter((one) => own.has(one.targetGroup) && isIn(one))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
}

/** An event that calls a target unhealthy; `task` where it is one that ECS lists. */
interface CalledUnhealthy {
  readonly at: Time;
  readonly failed: FailedChecks;
  readonly task: EcsTask | undefined;
}

function calledUnhealthy({ service, tasks }: Pick<ServiceInUse, 'service' | 'tasks'>): readonly CalledUnhealthy[] {
  const listed = new Map(tasks.map((task) => [task.id, task]));
  return service.events.flatMap(({ at, message }) => {
    const failed = failedChecksIn(message);
    return failed === null ? [] : [{ at, failed, task: listed.get(failed.id ?? '') }];
  });
}

/**
 * In which groups a task failed that was stopped for it, and how. `stoppedReason` seldom gives the reason, and may leave out the
 * group, too; the event that calls the same target unhealthy just before tells both.
 */
function failuresOf(
  { task, at }: TaskStop,
  told: readonly CalledUnhealthy[],
  groups: ReadonlySet<string>,
): readonly { readonly targetGroup: string; readonly words: FailedChecks }[] {
  const sentence = task.stoppedReason ?? '';
  const failed = failedChecksIn(sentence) ?? NOTHING_SAID;
  const own = told.filter((one) => isOf(one, task) && isUpon(one.at, at));
  const joined = own.flatMap((one) => one.failed.targetGroups);
  const named = failed.targetGroups.length > 0 ? failed.targetGroups : joined;
  // Of a service with one group, no other can be meant.
  const meant = named.length > 0 ? named : groups.size === 1 ? [...groups] : [];
  if (failed === NOTHING_SAID && !namesNoGroup(sentence)) return [];
  return [...new Set(meant)].map((targetGroup) => {
    const event = [...own, ...told.filter((one) => isNear(one, task, at))].find((one) =>
      one.failed.targetGroups.includes(targetGroup),
    )?.failed;
    const words = failed.reason === null ? (event ?? failed) : failed;
    return { targetGroup, words: { ...words, port: failed.port ?? event?.port ?? null } };
  });
}

const NOTHING_SAID: FailedChecks = { targetGroups: [], id: null, port: null, reason: null, description: null };

/** By name; on an instance by that, and by the port, where the task still shows its own. */
function isOf({ task: called, failed }: CalledUnhealthy, task: EcsTask): boolean {
  if (called === task) return true;
  const { id, port } = failed;
  if (id === null || id !== task.instanceId) return false;
  return task.hostPorts.length === 0 || (port !== null && task.hostPorts.includes(port));
}

/** Of a task that has no name in the list, just before this one was stopped; or of this one at any time. */
function isNear(one: CalledUnhealthy, task: EcsTask, at: Time): boolean {
  return one.task === task || (one.task === undefined && isUpon(one.at, at));
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
