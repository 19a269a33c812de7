import type { AutoScalingGroup, ChangeEvent, EcsDeployment, EcsService } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { eventsOf, type ServiceEvent } from '../ecs/service-events.ts';
import type { ServiceInUse } from '../ecs/services.ts';
import { type TaskStopKind, taskStopsIn } from '../ecs/task-stops.ts';
import { secondsBetween } from '../time/minutes.ts';
import { type TargetRegistration, targetRegistrationsIn } from './target-registrations.ts';
import { groupName } from './targets.ts';

/** Targets that came or went together, and for what. */
export interface TargetWave {
  readonly at: Time;
  readonly is: 'arrival' | 'departure';
  readonly why: WaveReason;
  readonly count: number;
  readonly targetGroups: readonly string[];
  /** Whose they are: an ECS service, an Auto Scaling group; else the target group. */
  readonly by: string;
  readonly from: 'ecsTasks' | 'ecsServices' | 'autoScalingGroups' | 'changes';
}

/** `lost`: what failed and was taken away for it. That is an effect of another cause, never of a rollout. */
export type WaveReason = 'rollout' | 'scaling' | 'by-hand' | 'interrupted' | 'lost' | 'unknown';

/** What moves targets: services, groups and calls that were seen. */
export interface TargetMovers {
  readonly services: readonly ServiceInUse[];
  readonly scalingGroups: readonly AutoScalingGroup[];
  readonly changes: readonly ChangeEvent[];
}

/** What is less than this apart is one wave, in seconds. */
const TOGETHER = 60;

/** Oldest first. Only of groups that get requests. */
export function targetWavesIn(
  { services, scalingGroups, changes }: TargetMovers,
  routed: readonly string[],
): readonly TargetWave[] {
  const all = [
    ...services.flatMap(ofTasks),
    ...scalingGroups.flatMap((group) => ofActivities(group, routed)),
    ...targetRegistrationsIn(changes, routed).map(ofRegistration),
  ];
  const sorted = all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.by < b.by ? -1 : 1));
  const waves: TargetWave[] = [];
  for (const wave of sorted) {
    const last = waves.findLastIndex((one) => one.is === wave.is && one.why === wave.why && one.by === wave.by);
    const open = waves[last];
    if (open !== undefined && secondsBetween(open.at, wave.at) <= TOGETHER) {
      waves[last] = { ...open, count: open.count + wave.count };
    } else waves.push(wave);
  }
  return waves;
}

const WHY: Readonly<Record<TaskStopKind, WaveReason>> = {
  'out-of-memory': 'lost',
  exited: 'lost',
  'never-started': 'lost',
  'failed-health-checks': 'lost',
  replaced: 'rollout',
  'scaled-in': 'scaling',
  'by-hand': 'by-hand',
  interrupted: 'interrupted',
  other: 'unknown',
};

function ofTasks({ service, tasks, groups: targetGroups }: ServiceInUse): readonly TargetWave[] {
  const base = { by: service.id, targetGroups, count: 1, from: 'ecsTasks' } as const;
  const departures = taskStopsIn(tasks, service)
    .filter(({ task }) => task.startedAt !== null)
    .map(({ at, kind }): TargetWave => ({ ...base, at, is: 'departure', why: WHY[kind] }));
  const arrivals = tasks.flatMap(({ startedAt }): readonly TargetWave[] =>
    startedAt === null ? [] : [{ ...base, at: startedAt, is: 'arrival', why: 'unknown' }],
  );
  // Tasks tell better than events why they went; events tell of those that ECS no longer shows.
  const oldest = [...departures].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0]?.at;
  const inEvents = ofEvents(service, targetGroups).filter(
    ({ at }) => oldest === undefined || secondsBetween(at, oldest) > TOGETHER,
  );
  return [...departures, ...arrivals, ...inEvents];
}

function ofEvents(service: EcsService, targetGroups: readonly string[]): readonly TargetWave[] {
  const events = eventsOf(service);
  return events.flatMap((event): readonly TargetWave[] => {
    if (event.kind !== 'deregistered') return [];
    const { at, count } = event;
    const why = whyDeregistered(event, events, service);
    return [{ at, is: 'departure', why, count, targetGroups, by: service.id, from: 'ecsServices' }];
  });
}

/** A target that was called unhealthy just before was taken away for that. */
function whyDeregistered({ at }: ServiceEvent, events: readonly ServiceEvent[], service: EcsService): WaveReason {
  const ill = events.some((event) => event.kind === 'unhealthy' && isWithin(event.at, at, 5 * 60));
  if (ill) return 'lost';
  if (!service.deployments.some((deployment) => rollsOutAt(deployment, at))) return 'unknown';
  const comes = ({ kind, at: began }: ServiceEvent) => kind === 'started' && isWithin(began, at, SOON);
  // A service that is to run no task takes all away: what is replaced has others come first, or soon after.
  return service.desired > 0 || events.some(comes) ? 'rollout' : 'unknown';
}

/** A rollout takes old targets away for so long, in seconds; a large one for longer, as long as none of its tasks failed. */
const SOON = 15 * 60;
const LONG = 60 * 60;

/** ECS updates a deployment whose tasks it replaces in a loop for days: that it was updated tells of no rollout. */
function rollsOutAt({ createdAt, updatedAt, failedTasks }: EcsDeployment, at: Time): boolean {
  if (createdAt === null) return false;
  const goesOn = updatedAt === null || failedTasks > 0 ? 0 : Math.min(LONG, secondsBetween(createdAt, updatedAt));
  return isWithin(createdAt, at, Math.max(SOON, goesOn));
}

function isWithin(from: Time, at: Time, seconds: number): boolean {
  const passed = secondsBetween(from, at);
  return passed >= 0 && passed <= seconds;
}

function ofActivities(group: AutoScalingGroup, routed: readonly string[]): readonly TargetWave[] {
  const targetGroups = group.targetGroups.filter((arn) => routed.includes(arn));
  if (targetGroups.length === 0) return [];
  return group.activities.flatMap(({ at, description, cause, status }): readonly TargetWave[] => {
    const is = /^Terminating|^Detaching|^Moving .* to Standby/i.test(description)
      ? 'departure'
      : /^Launching/.test(description)
        ? 'arrival'
        : null;
    if (is === null || status === 'Failed' || status === 'Cancelled') return [];
    return [{ at, is, why: whyScaled(cause), count: 1, targetGroups, by: group.name, from: 'autoScalingGroups' }];
  });
}

function whyScaled(cause: string): WaveReason {
  if (/health check|unhealthy|EC2 instance status/i.test(cause)) return 'lost';
  if (/instance refresh|replacement/i.test(cause)) return 'rollout';
  if (/spot|rebalance|interruption/i.test(cause)) return 'interrupted';
  if (/user request|was terminated by|TerminateInstanceInAutoScalingGroup|detach/i.test(cause)) return 'by-hand';
  return /desired capacity|difference between desired|scheduled|policy/i.test(cause) ? 'scaling' : 'unknown';
}

function ofRegistration({ at, does, why, ids, targetGroup }: TargetRegistration): TargetWave {
  const is = does === 'deregisters' ? 'departure' : 'arrival';
  return { at, is, why, count: ids.length, targetGroups: [targetGroup], by: groupName(targetGroup), from: 'changes' };
}
