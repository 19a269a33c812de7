import type { MetricsById, ServiceMetric, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { latest, minuteOf, type Span, secondsBetween, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { TARGET_ANSWERS } from '../traffic/target-traffic.ts';
import { eventsOf } from './service-events.ts';
import { primaryOf, type ServiceInUse, stopsVisibleFrom } from './services.ts';
import { hadRun, type TaskStop, type TaskStopKind, taskStopsIn } from './task-stops.ts';

/** A time without any task of a service: it holds from its beginning to its end. */
export interface TaskGap {
  readonly from: Time;
  readonly to: Time;
  /** The task that stopped last before; `undefined` where ECS shows none. */
  readonly after: TaskStop | undefined;
}

export interface TaskGaps {
  readonly gaps: readonly [TaskGap, ...TaskGap[]];
  /** Those minutes of the errors of which ECS shows every task. */
  readonly shown: Span;
}

/** What was counted while tasks ran, and would contradict a gap. */
export interface SignsOfTasks {
  readonly serviceMetrics: MetricsById<ServiceMetric> | undefined;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
}

/** One task takes the place of another: a gap of less than this, in seconds, is none. */
const SHORT = 60;

/**
 * The times in the minutes of the errors in which no task of a service ran, known only as far back as ECS shows stopped ones.
 * Where something else shows a task in one of them, the list of tasks is not whole, and tells of none.
 */
export function taskGapsIn(
  inUse: ServiceInUse,
  { grid, span }: EpisodeSpan,
  readAt: Time,
  signs: SignsOfTasks,
): TaskGaps | null {
  const { service, tasks } = inUse;
  const visible = stopsVisibleFrom(readAt);
  const running = tasks.filter(({ status }) => status === 'RUNNING');
  if (running.length < service.running || running.some(({ startedAt }) => startedAt === null)) return null;
  if (lacksTasks(inUse, visible)) return null;

  const begun = latest([visible, timeOfMinute(grid, span.first)]) ?? visible;
  const over = timeOfMinute(grid, span.last + 1);
  const [first, ...rest] = gapsBetween(runsOf(inUse), visible)
    // What came before is not known: it is told of the minutes of the errors only.
    .map((gap) => (gap.after === undefined ? { ...gap, from: latest([gap.from, begun]) ?? begun } : gap))
    .filter(
      ({ from, to }) =>
        secondsBetween(from, to) >= SHORT && secondsBetween(begun, to) > 0 && secondsBetween(from, over) > 0,
    );
  if (first === undefined) return null;
  const gaps = [first, ...rest] as const;
  if (gaps.some((gap) => isContradicted(gap, inUse, signs))) return null;
  return { gaps, shown: { first: minuteOf(grid, begun), last: span.last } };
}

interface Run {
  readonly from: Time;
  readonly to: Time | undefined;
  readonly stop: TaskStop | undefined;
}

/** In the order of their beginnings. */
function runsOf({ service, tasks }: ServiceInUse): readonly Run[] {
  const stops = new Map(taskStopsIn(tasks, service).map((stop) => [stop.task, stop]));
  return tasks
    .flatMap((task): readonly Run[] => {
      const stop = stops.get(task);
      if (task.startedAt === null || (stop !== undefined && !hadRun(stop))) return [];
      return [{ from: task.startedAt, to: stop?.at, stop }];
    })
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

/** From when on every task is shown to the beginning of the first run, and from one to the next. */
function gapsBetween(runs: readonly Run[], visible: Time): readonly TaskGap[] {
  const gaps: TaskGap[] = [];
  let end = visible;
  let after: TaskStop | undefined;
  for (const { from, to, stop } of runs) {
    if (secondsBetween(end, from) > 0) gaps.push({ from: end, to: from, after });
    // It runs still, and no other can follow upon it.
    if (to === undefined) break;
    if (after === undefined || secondsBetween(after.at, to) >= 0) after = stop;
    end = latest([end, to]) ?? to;
  }
  return gaps;
}

/** ECS tells of tasks, in what it still has to show, that are not in its list. */
function lacksTasks({ service, tasks }: ServiceInUse, visible: Time): boolean {
  const listed = new Set(tasks.map(({ id }) => id));
  const named = eventsOf(service)
    .filter(({ kind, at }) => kind === 'started' && secondsBetween(visible, at) >= 0)
    .flatMap(({ message }) => [...message.matchAll(/\(task ([^)\s]+)\)/g)].map(([, id]) => id ?? ''));
  if (named.some((id) => !listed.has(id))) return true;
  const primary = primaryOf(service);
  if (primary === undefined || primary.createdAt === null || secondsBetween(visible, primary.createdAt) < 0)
    return false;
  const ended = tasks.filter(({ startedBy, status }) => startedBy === primary.id && status !== 'RUNNING');
  return primary.failedTasks > ended.length;
}

/** CPU of the service, a healthy target, an answer of one, in a minute that lies in the gap from end to end. */
function isContradicted(gap: TaskGap, { service, groups }: ServiceInUse, signs: SignsOfTasks): boolean {
  const { serviceMetrics, groupMetrics } = signs;
  const used = serviceMetrics?.of.filter(({ id }) => id === service.id).flatMap(({ values }) => Object.values(values));
  if (
    serviceMetrics &&
    used?.some((values) => wholeMinutes(gap, serviceMetrics, values).some((value) => value !== null))
  ) {
    return true;
  }
  if (groupMetrics === undefined) return false;
  return groupMetrics.of
    .filter(({ id }) => groups.includes(id))
    .some(({ values }) =>
      (['HealthyHostCount.min', ...TARGET_ANSWERS] as const).some(
        (name) => (sumOf(wholeMinutes(gap, groupMetrics, values[name])) ?? 0) > 0,
      ),
    );
}

function wholeMinutes({ from, to }: TaskGap, { grid }: Pick<MetricsById<never>, 'grid'>, values: Values | undefined) {
  const begins = minuteOf(grid, from);
  const first = secondsBetween(timeOfMinute(grid, begins), from) > 0 ? begins + 1 : begins;
  return valuesIn(values, { first, last: minuteOf(grid, to) - 1 });
}

const REPLACED: readonly TaskStopKind[] = ['failed-health-checks', 'exited', 'out-of-memory'];

/**
 * Whether a service is without a task only for as long as ECS takes to put another in the place of one that failed: what
 * comes of that, where nothing shows that none could be started. `after`: what stopped last; `to`: `null` where none runs yet.
 */
export function isBetweenTasks(inUse: ServiceInUse, after: TaskStop | undefined, to: Time | null): boolean {
  if (after === undefined || !REPLACED.includes(after.kind)) return false;
  const isIn = (at: Time) => secondsBetween(after.at, at) >= 0 && (to === null || secondsBetween(at, to) >= 0);
  const refused = taskStopsIn(inUse.tasks, inUse.service).some(({ kind, at }) => kind === 'never-started' && isIn(at));
  const told = eventsOf(inUse.service).some(
    ({ kind, at }) => (kind === 'not-placed' || kind === 'not-started') && isIn(at),
  );
  return !refused && !told;
}
