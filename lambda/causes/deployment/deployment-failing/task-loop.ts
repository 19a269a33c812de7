import { count, resource, text } from '../../../incident/text.ts';
import { longerTaskGrace, lookAtOwnCheck, lookAtService, lookAtTasks } from '../../../remedies/ecs-service.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { failedOwnCheck, type TaskStop } from '../../../semantics/ecs/task-stops.ts';
import { plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import { failedChecksSaid, stopSaid, unhealthySaid } from '../../kit/ecs-words.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

/** So many tasks in a row are no accident, where nothing was deployed. */
const LOOP = 3;
/** A task that fails its checks later than this had been up, in seconds. */
const YOUNG = 20 * 60;
/** The loop may be older than the errors by as much, in seconds. */
const BEFORE = 30 * 60;

/** A check that ends in silence, or in another code, has a cause of its own. */
const TELLING = ['Target.Timeout', 'Target.ResponseCodeMismatch'];

/** Tasks that fail soon after each start, and nothing was deployed. */
export function taskLoop(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  { targets = [], taken, episode: { onset } }: DeploymentEvidence,
): Found<'ecsTasks', 'ecsTasks' | 'ecsServices'> | null {
  const { service, groups } = inUse;
  const from = plusSeconds(onset, -BEFORE);
  const ended = stops.filter(({ kind, at }) => kind === 'failed-health-checks' && secondsBetween(from, at) >= 0);
  const [first] = ended;
  if (first === undefined || ended.length < LOOP) return null;
  const ages = ended.map(({ task, at }) => (task.startedAt === null ? null : secondsBetween(task.startedAt, at)));
  const young = ages.every((age) => age !== null && age <= YOUNG);
  const oldest = Math.max(...ages.map((age) => age ?? 0));
  // Where the load balancer says why the checks fail, that is the cause, and the loop is what comes of it.
  const explained = targets.some(
    ({ targetGroup, reason }) =>
      groups.includes(targetGroup) &&
      reason?.startsWith('Target.') === true &&
      reason !== 'Target.DeregistrationInProgress',
  );
  const explainedThen = taken.some(
    ({ targetGroup, reason }) => groups.includes(targetGroup) && reason !== null && TELLING.includes(reason),
  );
  const strong = young && !explained && !explainedThen && secondsBetween(first.at, onset) >= -120;
  return {
    strength: strong ? 'strong' : 'circumstantial',
    says: text`${resource(service.name)} replaces its tasks again and again: they fail ${failedChecksSaid(ended)}`,
    since: first.at,
    because: [
      citeAt(first.at).ecsTasks`${count(ended.length, 'task')} stopped; ${stopSaid(first)}`,
      ...unhealthySaid(inUse, from),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [
      // Where something else makes the checks fail, time does not mend it.
      strong && longerTaskGrace(inUse, Math.max(600, 60 * Math.ceil((2 * oldest) / 60))),
      lookAtTasks(inUse, ended),
      ended.every(failedOwnCheck)
        ? lookAtOwnCheck(service.taskDefinition)
        : lookAtService(inUse, text`see in the events of ${resource(service.name)} why its targets are unhealthy`),
    ],
    facts: { service: service.id, stopped: ended.length },
  };
}
