import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { earliest, latest, secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { type ServiceInUse, stopsVisibleFrom } from './services.ts';
import { hadRun, taskStopsIn } from './task-stops.ts';

/** One task takes the place of another: a gap of less than this, in seconds, is none. */
const SHORT = 60;

/** Minutes of the errors in which no task of a service ran, known only as far back as ECS shows stopped ones. */
export function taskGapIn(
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
