import type { EcsDeployment, EcsService, Target } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { earliest, secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { eventsOf } from './service-events.ts';
import { isTargetOf, primaryOf, type ServiceInUse } from './services.ts';
import type { TaskStop } from './task-stops.ts';

/** A deployment that is older than this when the errors begin has not brought them, in seconds. */
const RECENT = 2 * 3600;
/** A service that has gone back to another version has its targets again after this, in seconds. */
const LEFT = 10 * 60;

/** Two tasks in a row are no accident. */
const AGAIN = 2;

/** The first that came with the errors and fails, or that ECS has given up. */
export function deploymentFailingDuring(
  episode: EpisodeSpan,
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  targets: readonly Target[] | undefined,
): EcsDeployment | undefined {
  return [...inUse.service.deployments, ...abandonedDeployments(inUse, stops)].find(
    (one) => cameWith(one, inUse, episode) && isFailingDeployment(one, inUse, stops, targets, episode),
  );
}

/** The first that ECS itself has given up, and began in these minutes or not long before. */
export function deploymentGivenUpIn(
  { from, to }: Window,
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
): EcsDeployment | undefined {
  const { service } = inUse;
  const primary = primaryOf(service);
  return [...service.deployments, ...abandonedDeployments(inUse, stops)].find((one) => {
    if (!isGivenUp(one, service) || one.createdAt === null) return false;
    if (secondsBetween(one.createdAt, from) > RECENT || secondsBetween(one.createdAt, to) < 0) return false;
    // What took its place had its targets before these minutes.
    return one === primary || primary?.createdAt == null || secondsBetween(primary.createdAt, from) <= LEFT;
  });
}

/** The deployment that goes back to the version before names the circuit breaker, too: "… rolling back to deploymentId …". */
function isGivenUp({ id, rolloutState, rolloutReason }: EcsDeployment, service: EcsService): boolean {
  if (rolloutState === 'FAILED' || /circuit breaker: tasks? failed/i.test(rolloutReason ?? '')) return true;
  return eventsOf(service).some(({ kind, deployment }) => kind === 'deployment-failed' && deployment === id);
}

/** Begun before the errors or among them, and not left since for another version that has run for long. */
function cameWith(deployment: EcsDeployment, { service }: ServiceInUse, { onset, grid, span }: EpisodeSpan): boolean {
  const { createdAt } = deployment;
  if (createdAt === null || secondsBetween(createdAt, onset) > RECENT) return false;
  if (secondsBetween(createdAt, timeOfMinute(grid, span.last + 1)) < 0) return false;
  const primary = primaryOf(service);
  if (primary === undefined || deployment === primary || primary.createdAt === null) return true;
  return secondsBetween(primary.createdAt, onset) <= LEFT;
}

/** ECS has given it up; or its tasks fail their checks one after the other, and none is healthy. */
function isFailingDeployment(
  deployment: EcsDeployment,
  { service, tasks }: ServiceInUse,
  stops: readonly TaskStop[],
  targets: readonly Target[] | undefined,
  episode: EpisodeSpan,
): boolean {
  if (isGivenUp(deployment, service)) return true;
  // COMPLETED: its tasks were healthy once, and what they fail for now came later.
  if (deployment !== primaryOf(service) || deployment.rolloutState === 'COMPLETED') return false;
  const end = timeOfMinute(episode.grid, episode.span.last + 1);
  const failed = stops.filter(
    ({ task, kind, at }) =>
      task.startedBy === deployment.id && kind === 'failed-health-checks' && secondsBetween(at, end) >= 0,
  );
  // One healthy task of the new version shows that it can be.
  const own = tasks.filter(({ startedBy, status }) => startedBy === deployment.id && status === 'RUNNING');
  const serves = own.some((task) => targets?.some((target) => target.state === 'healthy' && isTargetOf(target, task)));
  return failed.length >= AGAIN && !serves;
}

/** Whether tasks of another deployment run: only then is there an old version that could carry on. */
export function runsAnother({ service, tasks }: ServiceInUse, deployment: string): boolean {
  return (
    service.deployments.some(({ id, running }) => id !== deployment && running > 0) ||
    tasks.some(({ status, startedBy }) => status === 'RUNNING' && startedBy !== null && startedBy !== deployment)
  );
}

/** What its circuit breaker gave up ECS lists no longer: its events do, and the tasks it has left date it. */
function abandonedDeployments({ service, tasks }: ServiceInUse, stops: readonly TaskStop[]): readonly EcsDeployment[] {
  return eventsOf(service).flatMap(({ kind, deployment: id, message }) => {
    if (kind !== 'deployment-failed' || id === null) return [];
    const own = tasks.filter(({ startedBy }) => startedBy === id);
    const createdAt = earliest(own.map((task) => task.createdAt ?? task.startedAt));
    if (createdAt === undefined || service.deployments.some((listed) => listed.id === id)) return [];
    return [
      {
        id,
        status: 'INACTIVE',
        rolloutState: 'FAILED',
        rolloutReason: message.replace(/^.*?(?=deployment failed)/, ''),
        taskDefinition: own[0]?.taskDefinition ?? null,
        desired: service.desired,
        running: 0,
        pending: 0,
        failedTasks: stops.filter(({ task }) => task.startedBy === id).length,
        createdAt,
        updatedAt: null,
      },
    ];
  });
}
