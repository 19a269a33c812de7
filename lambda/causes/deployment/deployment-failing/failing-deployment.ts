import type { EcsDeployment, MetricsById, Target, TargetGroupMetric, Values } from '../../../incident/evidence.ts';
import { code, count, resource, type Text, type Time, text, verbatim } from '../../../incident/text.ts';
import { lookAtService, lookAtTasks, rollBack } from '../../../remedies/ecs-service.ts';
import { abandonedDeployments, isFailingDeployment } from '../../../semantics/ecs/failing-deployments.ts';
import { eventsOf } from '../../../semantics/ecs/service-events.ts';
import { definitionName, primaryOf, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { TaskStop } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { healthyOf, oldOnesCarryOn } from '../../../semantics/targets/health-history.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { stopSaid, unhealthySaid } from '../../kit/ecs-words.ts';

type Failing = Found<'ecsServices', 'ecsServices' | 'ecsTasks' | 'targetGroupMetrics'>;

/** A deployment that is older than this when the errors begin has not brought them, in seconds. */
const RECENT = 2 * 3600;
/** A service that has gone back to another version has its targets again after this, in seconds. */
const LEFT = 10 * 60;

/** A deployment of a service that came with the errors and fails, or that ECS has given up. */
export function failingDeployment(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  targets: readonly Target[] | undefined,
  groupMetrics: MetricsById<TargetGroupMetric> | undefined,
  episode: EpisodeSpan,
): readonly Failing[] {
  const failing = [...inUse.service.deployments, ...abandonedDeployments(inUse, stops)]
    .filter(({ createdAt }) => createdAt !== null && isRecent(createdAt, episode))
    .filter((one) => !wasLeft(one, inUse.service, episode))
    .find((one) => isFailingDeployment(one, inUse, stops, targets, episode));
  const healthy = healthyOf(groupMetrics, inUse.groups);
  return failing === undefined ? [] : [found(inUse, failing, stops, healthy, episode)];
}

function isRecent(createdAt: Time, { onset, grid, span }: EpisodeSpan): boolean {
  const before = secondsBetween(createdAt, onset);
  return before <= RECENT && secondsBetween(createdAt, timeOfMinute(grid, span.last + 1)) >= 0;
}

/** The service has run another version again for so long that its errors are not those of this one. */
function wasLeft(deployment: EcsDeployment, service: ServiceInUse['service'], { onset }: EpisodeSpan): boolean {
  const primary = primaryOf(service);
  if (primary === undefined || deployment === primary || primary.createdAt === null) return false;
  return secondsBetween(primary.createdAt, onset) > LEFT;
}

function found(
  inUse: ServiceInUse,
  deployment: EcsDeployment,
  stops: readonly TaskStop[],
  healthy: Values | undefined,
  episode: EpisodeSpan,
): Failing {
  const { service, groups } = inUse;
  const since = deployment.createdAt ?? episode.onset;
  const own = stops.filter(({ task }) => task.startedBy === deployment.id);
  const last = own.at(-1);
  const past = deployment !== primaryOf(service);
  const wentBack = past ? eventsOf(service).findLast(({ kind }) => kind === 'rolled-back') : undefined;
  const carriesOn = oldOnesCarryOn(healthy, since, episode);
  const version =
    deployment.taskDefinition === null ? text`` : text` (${code(definitionName(deployment.taskDefinition))})`;
  const state = deployment.rolloutState ?? deployment.status;
  return {
    strength: carriesOn === true ? 'circumstantial' : 'decisive',
    says: text`The new version of ${resource(service.name)}${version} ${past ? 'did' : 'does'} not become healthy${whySaid(own)}`,
    since,
    because: [
      {
        from: 'ecsServices',
        shows: text`${resource(deployment.id)}: ${code(state)}, ${deployment.running} of ${count(deployment.desired, 'task')} running, ${deployment.failedTasks} failed${deployment.rolloutReason === null ? '' : text`; ${verbatim(deployment.rolloutReason)}`}`,
        at: since,
      },
      ...(last === undefined
        ? []
        : [
            {
              from: 'ecsTasks' as const,
              shows: text`${count(own.length, 'task')} of it stopped since; ${stopSaid(last)}`,
              at: last.at,
            },
          ]),
      ...unhealthySaid(inUse, since),
      ...(wentBack === undefined
        ? []
        : [{ from: 'ecsServices' as const, shows: text`ECS has gone back to the version before`, at: wentBack.at }]),
      ...(carriesOn === true
        ? [
            {
              from: 'targetGroupMetrics' as const,
              shows: text`as many targets as before stayed healthy: the old version carries on`,
            },
          ]
        : []),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [
      ...(past ? [] : rollBack(inUse, [deployment.taskDefinition])),
      ...(own.length === 0 ? [] : [lookAtTasks(inUse, own)]),
      lookAtService(inUse, text`see how the deployment of ${resource(service.name)} goes on`),
    ],
    facts: {
      service: service.id,
      deployment: deployment.id,
      rolloutState: deployment.rolloutState,
      failedTasks: deployment.failedTasks,
      stopped: own.length,
    },
  };
}

/** In AWS's words, for the newest. */
function whySaid(stops: readonly TaskStop[]): Text {
  const last = stops.at(-1);
  if (last === undefined) return text``;
  const SAID: Partial<Record<TaskStop['kind'], Text>> = {
    'failed-health-checks': text`: its tasks fail their health checks`,
    exited: text`: its tasks exit`,
    'out-of-memory': text`: its tasks are killed for memory`,
    'never-started': text`: its tasks cannot start`,
  };
  return SAID[last.kind] ?? [];
}
