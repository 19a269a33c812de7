import { count, resource, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtStarts } from '../../../remedies/ecs-service.ts';
import { type ServiceInUse, stopsVisibleFrom } from '../../../semantics/ecs/services.ts';
import { hadRun, stopReasonOf, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { earliest, latest, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** One task takes the place of another: a gap of less than this, in seconds, is none. */
const SHORT = 60;

/** A service that runs tasks now, and ran none for some minutes of the errors. */
export function gapWithoutTasks(
  inUse: ServiceInUse,
  episode: EpisodeSpan,
  readAt: Time,
): readonly Found<'ecsTasks', 'ecsTasks' | 'ecsServices'>[] {
  const { service, groups, tasks } = inUse;
  const gap = gapIn(inUse, episode, readAt);
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

/** Minutes of the errors in which no task ran, known only as far back as ECS shows stopped ones. */
function gapIn(
  { service, tasks }: ServiceInUse,
  { grid, span }: EpisodeSpan,
  readAt: Time,
): { readonly from: Time; readonly to: Time } | null {
  // A list that lacks tasks of now may lack those of then.
  if (tasks.filter(({ status }) => status === 'RUNNING').length < service.running) return null;
  const stops = taskStopsIn(tasks, service);
  const neverRan = new Set(stops.filter((stop) => !hadRun(stop)).map(({ task }) => task));
  const stoppedAt = new Map(stops.map(({ task, at }) => [task, at]));
  const runs = tasks.flatMap((task) =>
    task.startedAt === null || neverRan.has(task) ? [] : [{ from: task.startedAt, to: stoppedAt.get(task) }],
  );
  const ranAt = (moment: Time): boolean =>
    runs.some(
      ({ from, to }) => secondsBetween(from, moment) >= 0 && (to === undefined || secondsBetween(moment, to) > 0),
    );
  const visible = stopsVisibleFrom(readAt);
  const minutes = Array.from({ length: span.last - span.first + 1 }, (_, n) => timeOfMinute(grid, span.first + n));
  const [first, ...rest] = minutes.filter((minute) => secondsBetween(visible, minute) >= 0 && !ranAt(minute));
  if (first === undefined) return null;
  const last = rest.at(-1) ?? first;
  const ends = runs.flatMap(({ to }) => to ?? []).filter((at) => secondsBetween(at, first) >= 0);
  const starts = runs.map(({ from }) => from).filter((at) => secondsBetween(last, at) > 0);
  const from = latest(ends) ?? first;
  const to = earliest(starts) ?? last;
  return secondsBetween(from, to) < SHORT ? null : { from, to };
}
