import type { Target } from '../../../incident/evidence.ts';
import { count, resource, text } from '../../../incident/text.ts';
import { lookAtService, lookAtTasks } from '../../../remedies/ecs-service.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { TaskStop } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { stopSaid, unhealthySaid } from '../../kit/ecs-words.ts';

type Looping = Found<'ecsTasks', 'ecsTasks' | 'ecsServices'>;

/** So many tasks in a row are no accident, where nothing was deployed. */
const LOOP = 3;
/** A task that fails its checks later than this had been up, in seconds. */
const YOUNG = 20 * 60;
/** The loop may be older than the errors by as much, in seconds. */
const BEFORE = 30 * 60;

/** Tasks that fail soon after each start, and nothing was deployed. */
export function tasksInALoop(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  targets: readonly Target[] | undefined,
  episode: EpisodeSpan,
): readonly Looping[] {
  const from = plusSeconds(episode.onset, -BEFORE);
  const failed = stops.filter(({ kind, at }) => kind === 'failed-health-checks' && secondsBetween(from, at) >= 0);
  const [first] = failed;
  if (first === undefined || failed.length < LOOP) return [];
  const young = failed.every(({ task, at }) => task.startedAt !== null && secondsBetween(task.startedAt, at) <= YOUNG);
  // Where the load balancer says why the checks fail, that is the cause, and the loop is what comes of it.
  const explained = targets?.some(
    ({ targetGroup, reason }) =>
      inUse.groups.includes(targetGroup) &&
      reason?.startsWith('Target.') === true &&
      reason !== 'Target.DeregistrationInProgress',
  );
  const strong = young && explained !== true && secondsBetween(first.at, episode.onset) >= -120;
  return [
    {
      strength: strong ? 'strong' : 'circumstantial',
      says: text`${resource(inUse.service.name)} replaces its tasks again and again: they fail their health checks`,
      since: first.at,
      because: [
        {
          from: 'ecsTasks',
          shows: text`${count(failed.length, 'task')} stopped; ${stopSaid(first)}`,
          at: first.at,
        },
        ...unhealthySaid(inUse, from),
      ],
      affects: { targetGroups: inUse.groups, targets: [] },
      explains: ['502', '503'],
      fixes: [
        lookAtTasks(inUse, failed),
        lookAtService(
          inUse,
          text`see in the events of ${resource(inUse.service.name)} why its targets are called unhealthy`,
        ),
      ],
      facts: { service: inUse.service.id, stopped: failed.length },
    },
  ];
}
