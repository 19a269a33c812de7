import type { EcsTask } from '../../lambda/incident/evidence.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';
import { type Ill, metrics, NOW, newest, target, targetGroup, task } from './a-snapshot.ts';

/** So many minutes before the moment asked about. */
export function ago(minutes: number): string {
  return plusSeconds(NOW, -60 * minutes);
}

/** A group of addresses, as tasks of Fargate have. */
export const inTasks: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [target('10.0.10.21'), target('10.0.11.22')],
  instances: [],
  instanceStatus: [],
};

/** A task that stopped so many minutes ago, and had run for ten minutes. */
export function stopped(id: string, minutes: number, ill: Partial<EcsTask> = {}): EcsTask {
  return task(id, {
    status: 'STOPPED',
    createdAt: ago(minutes + 11),
    startedAt: ago(minutes + 10),
    stoppingAt: ago(minutes),
    stoppedAt: ago(minutes),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    ...ill,
  });
}

export function exited(id: string, minutes: number, exitCode: number, reason: string | null = null): EcsTask {
  return stopped(id, minutes, { containers: [{ name: 'app', exitCode, reason }] });
}

export const OOM = 'OutOfMemoryError: Container killed due to memory usage';

/** What the scheduler stops: its reason says why. */
export function unscheduled(id: string, minutes: number, stoppedReason: string, ill: Partial<EcsTask> = {}): EcsTask {
  return stopped(id, minutes, {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason,
    containers: [{ name: 'app', exitCode: 137, reason: null }],
    ...ill,
  });
}

export const FAILED_CHECKS =
  'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067)';
export const SCALING = 'Scaling activity initiated by (deployment ecs-svc/7)';

/** Requests answered with one code in the newest minutes, and the sum that the load balancer counts of it. */
export function errors(code: '502' | '503' | '504', ...values: (number | null)[]) {
  return metrics({ [`HTTPCode_ELB_${code}_Count`]: newest(...values), HTTPCode_ELB_5XX_Count: newest(...values) });
}
