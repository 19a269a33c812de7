import type { ChangeEvent, EcsDeployment, MetricsById, Target, TargetGroupMetric } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import type { Window } from '../../../incident/question.ts';
import { asQuoted, code, count, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtService, lookAtTasks, waysBack } from '../../../remedies/ecs-service.ts';
import {
  deploymentFailingDuring,
  deploymentGivenUpIn,
  runsAnother,
} from '../../../semantics/ecs/failing-deployments.ts';
import { eventsOf } from '../../../semantics/ecs/service-events.ts';
import { definitionName, primaryOf, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { type TaskStop, type TaskStopKind, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { healthyOf, keptHealthyUntil, oldOnesCarryOn } from '../../../semantics/targets/health-history.ts';
import type { Found, Sometimes } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { failedChecksSaid, stopSaid, unhealthySaid } from '../../kit/ecs-words.ts';

/** What is asked of any service or group, besides itself. */
export interface DeploymentEvidence {
  readonly episode: EpisodeSpan;
  readonly targets: readonly Target[] | undefined;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
  readonly changes: readonly ChangeEvent[];
  /** What ECS took away for failed health checks, and what the load balancer had said of it. */
  readonly taken: readonly TakenTarget[];
}

type FailingDeployment = Found<'ecsServices', 'ecsServices' | 'ecsTasks' | 'targetGroupMetrics'>;

/** A deployment of a service that came with the errors and fails, or that ECS has given up. */
export function failingDeployment(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  { targets, groupMetrics, episode }: DeploymentEvidence,
): FailingDeployment | null {
  const { service, groups } = inUse;
  const deployment = deploymentFailingDuring(episode, inUse, stops, targets);
  if (deployment === undefined) return null;
  const since = deployment.createdAt ?? episode.onset;
  const healthy = healthyOf(groupMetrics, groups);
  const carriesOn = runsAnother(inUse, deployment.id) && oldOnesCarryOn(healthy, since, episode) === true;
  // Of a service that was set to none, nothing runs now.
  const carriedOn = service.desired === 0 && keptHealthyUntil(healthy, since, episode);
  return toldOf(deployment, inUse, stops, episode.onset, [
    carriesOn && cite.targetGroupMetrics`as many targets as before stayed healthy: the old version carries on`,
    carriedOn &&
      cite.targetGroupMetrics`as many targets as before stayed healthy until errors began at ${time(episode.onset)}`,
  ]);
}

/** One that ECS itself has given up, where nothing tells when requests failed. */
export function abandonedDeployment(inUse: ServiceInUse, window: Window): FailingDeployment | null {
  const stops = taskStopsIn(inUse.tasks, inUse.service);
  const deployment = deploymentGivenUpIn(window, inUse, stops);
  return deployment === undefined ? null : toldOf(deployment, inUse, stops, window.to, []);
}

function toldOf(
  deployment: EcsDeployment,
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  onset: Time,
  served: readonly Sometimes<Citation<Text, 'targetGroupMetrics'>>[],
): FailingDeployment {
  const { service, groups } = inUse;
  const { id, taskDefinition, rolloutState, rolloutReason, running, desired, failedTasks } = deployment;
  const since = deployment.createdAt ?? onset;
  const own = stops.filter(({ task }) => task.startedBy === id);
  const last = own.at(-1);
  const past = deployment !== primaryOf(service);
  const wentBack = past && eventsOf(service).findLast(({ kind }) => kind === 'rolled-back');
  const version = taskDefinition === null ? text`` : text` (${code(definitionName(taskDefinition))})`;
  const reason = rolloutReason === null ? text`` : text`; ${asQuoted(rolloutReason)}`;
  return {
    strength: served.some(Boolean) ? 'circumstantial' : 'decisive',
    says: text`The new version of ${resource(service.name)}${version} ${past ? 'did' : 'does'} not become healthy${last === undefined ? text`` : whyOf(last, own)}`,
    since,
    because: [
      citeAt(since)
        .ecsServices`${resource(id)}: ${code(rolloutState ?? deployment.status)}, ${running} of ${count(desired, 'task')} running, ${failedTasks} failed${reason}`,
      last &&
        citeAt(last.at).ecsTasks`${count(own.length, 'task')} of the new version stopped since; ${stopSaid(last)}`,
      ...unhealthySaid(inUse, since),
      wentBack && citeAt(wentBack.at).ecsServices`ECS has gone back to the version before`,
      ...served,
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [
      ...(past ? [] : waysBack(inUse, [taskDefinition], onset)),
      last && lookAtTasks(inUse, own),
      lookAtService(inUse, text`see how the deployment of ${resource(service.name)} proceeds`),
    ],
    facts: { service: service.id, deployment: id, rolloutState, failedTasks, stopped: own.length },
  };
}

/** Why its newest task ended. */
function whyOf({ kind }: TaskStop, own: readonly TaskStop[]): Text {
  if (kind !== 'failed-health-checks') return WHY[kind] ?? text``;
  return text`: its tasks fail ${failedChecksSaid(own.filter((stop) => stop.kind === kind))}`;
}

const WHY: Partial<Record<TaskStopKind, Text>> = {
  exited: text`: its tasks exit`,
  'out-of-memory': text`: its tasks run out of memory`,
  'never-started': text`: its tasks cannot start`,
};
