import { count, resource, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtStarts } from '../../../remedies/ecs-service.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { taskGapIn } from '../../../semantics/ecs/task-gap.ts';
import { stopReasonOf, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** A service that runs tasks now, and ran none for some minutes of the errors. */
export function gapWithoutTasks(
  inUse: ServiceInUse,
  episode: EpisodeSpan,
  readAt: Time,
): readonly Found<'ecsTasks', 'ecsTasks' | 'ecsServices'>[] {
  const { service, groups, tasks } = inUse;
  const gap = taskGapIn(inUse, episode, readAt);
  if (gap === null) return [];
  const { from, to } = gap;
  const stops = taskStopsIn(tasks, service).filter(({ at }) => secondsBetween(at, to) >= 0);
  const last = stops.at(-1);
  return [
    {
      strength: 'strong',
      says: text`${resource(service.name)} ran no task from ${time(from)} to ${time(to)}`,
      since: from,
      because: [
        citeAt(from).ecsTasks`between these times none of its tasks ran; the errors began at ${time(episode.onset)}`,
        last && citeAt(last.at).ecsTasks`the last one before it stopped: ${verbatim(stopReasonOf(last))}`,
        cite.ecsServices`now ${service.running} of ${count(service.desired, 'task')} run`,
      ],
      affects: { targetGroups: groups, targets: [] },
      explains: ['503'],
      fromAbsence: true,
      fixes: lookAtStarts(inUse, stops),
      facts: { service: service.id, desired: service.desired, running: service.running, from, to },
    },
  ];
}
