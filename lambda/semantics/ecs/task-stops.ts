import type { EcsContainer, EcsService, EcsTask } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { earliest, secondsBetween } from '../time/minutes.ts';
import { primaryOf } from './services.ts';

/**
 * Why a task stopped. Only the first two are crashes: what the scheduler or a person stops ends with SIGTERM or SIGKILL,
 * and its exit code, 137 or 143, says no more than that.
 */
export type TaskStopKind =
  /** The kernel or the container runtime killed it for memory. */
  | 'out-of-memory'
  /** An essential container ended by itself, whatever its exit code. */
  | 'exited'
  | 'never-started'
  | 'failed-health-checks'
  /** A newer deployment took its place. */
  | 'replaced'
  /** Fewer were wanted. */
  | 'scaled-in'
  | 'by-hand'
  /** Spot, or the host. */
  | 'interrupted'
  | 'other';

export interface TaskStop {
  readonly task: EcsTask;
  /** When it began to stop, or its container had ended: what comes first. */
  readonly at: Time;
  readonly kind: TaskStopKind;
}

/** Oldest first. */
export function taskStopsIn(tasks: readonly EcsTask[], service: EcsService): readonly TaskStop[] {
  return tasks
    .flatMap((task): readonly TaskStop[] => {
      const at = earliest([task.stoppingAt, task.stoppedAt]);
      if (at === undefined) return [];
      const kind = kindOf(task, service);
      return [{ task, at, kind: kind === 'replaced' && !isOutlived(at, tasks, service) ? 'scaled-in' : kind }];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.task.id < b.task.id ? -1 : 1));
}

function kindOf(task: EcsTask, service: EcsService): TaskStopKind {
  const reason = task.stoppedReason ?? '';
  switch (task.stopCode) {
    case 'UserInitiated':
      return 'by-hand';
    case 'SpotInterruption':
    case 'TerminationNotice':
    case 'InfrastructureHealth':
      return 'interrupted';
    case 'TaskFailedToStart':
      return 'never-started';
    case 'EssentialContainerExited':
      return task.containers.some(wasKilledForMemory) ? 'out-of-memory' : 'exited';
  }
  if (/\bfailed (ELB|container) health checks\b/i.test(reason)) return 'failed-health-checks';
  if (/^Scaling activity initiated by/i.test(reason)) return isOutdated(task, service) ? 'replaced' : 'scaled-in';
  if (/Spot|^Host EC2|^Container instance/i.test(reason)) return 'interrupted';
  if (/^(Cannot\w+Error|ResourceInitializationError|ContainerRuntime\w*Error)/i.test(reason)) return 'never-started';
  // Without a stop code, only AWS's own words for it.
  if (task.stopCode === null && /^Essential container in task exited/i.test(reason)) {
    return task.containers.some(wasKilledForMemory) ? 'out-of-memory' : 'exited';
  }
  return 'other';
}

/** Those of one kind in a time, oldest first. */
export function taskStopsBetween(
  { from, to }: Window,
  kind: TaskStopKind,
  tasks: readonly EcsTask[],
  service: EcsService,
): readonly TaskStop[] {
  return taskStopsIn(tasks, service).filter(
    (stop) => stop.kind === kind && secondsBetween(from, stop.at) >= 0 && secondsBetween(stop.at, to) >= 0,
  );
}

/** ECS stopped it for the health check of its task definition, and not for one of a target group. */
export function failedOwnCheck({ task, kind }: TaskStop): boolean {
  return kind === 'failed-health-checks' && /^Task failed container health checks/i.test(task.stoppedReason ?? '');
}

/**
 * A service that is to run no task stops those of every deployment: what is replaced leaves another behind that goes on for a
 * while.
 */
function isOutlived(at: Time, tasks: readonly EcsTask[], service: EcsService): boolean {
  if (service.desired > 0) return true;
  const primary = primaryOf(service)?.id;
  return tasks.some(({ startedBy, startedAt, stoppingAt, stoppedAt }) => {
    if (startedBy !== primary || startedAt === null) return false;
    const until = earliest([stoppingAt, stoppedAt]);
    return until === undefined || secondsBetween(at, until) > TOGETHER;
  });
}

/** Those that are stopped at once go within so many seconds. */
const TOGETHER = 60;

/** AWS took the Spot capacity of Fargate back. */
export function isSpotStop({ task, kind }: TaskStop): boolean {
  return kind === 'interrupted' && /\bSpot Task was interrupted\b/i.test(task.stoppedReason ?? '');
}

/** It belongs to a deployment that is not the newest one. */
function isOutdated(task: EcsTask, service: EcsService): boolean {
  const primary = primaryOf(service);
  return primary !== undefined && task.startedBy !== null && task.startedBy !== primary.id;
}

/** One that could not start has not run, whatever its times say. */
export function hadRun({ task, kind }: TaskStop): boolean {
  return task.startedAt !== null && kind !== 'never-started';
}

export function wasKilledForMemory({ reason }: EcsContainer): boolean {
  return /OutOfMemory/i.test(reason ?? '');
}

/** Of its containers that ended, 0 among them: a server that ends normally is down, too. */
export function exitCodesOf({ task }: TaskStop): readonly number[] {
  return [...new Set(task.containers.flatMap(({ exitCode }) => exitCode ?? []))].sort((a, b) => a - b);
}

/** What AWS says of it, the container's own words first. */
export function stopReasonOf({ task }: TaskStop): string {
  return (
    task.containers.find(({ reason }) => reason !== null)?.reason ?? task.stoppedReason ?? task.stopCode ?? 'stopped'
  );
}
