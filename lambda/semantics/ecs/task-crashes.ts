import type { MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { healthyOf } from '../targets/health-history.ts';
import { maxOf, minuteOf, plusSeconds, secondsBetween, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { crashesAtSamePace } from './crash-pace.ts';
import { eventsOf } from './service-events.ts';
import { type ServiceInUse, stopsVisibleFrom } from './services.ts';
import type { TaskStop } from './task-stops.ts';

/** Crashes of a service's tasks, held against the errors. */
export interface ServiceCrashes {
  /** Oldest first, never empty. */
  readonly stops: readonly [TaskStop, ...TaskStop[]];
  /** Before the hour of ECS, at the same pace: what the group and events of the service tell of them. Oldest first. */
  readonly earlier: readonly Time[];
  /** When the crashes began; `undefined` where they may be older than what ECS still shows. */
  readonly since: Time | undefined;
  /** The share of the errors that fell from a minute before a crash until another task served, or could. */
  readonly covered: number;
  /** Whether so many tasks could answer for so many errors. */
  readonly plausible: boolean;
}

/** Crashes this long before the first error may have led to it: the others carried on. */
const LEAD = 30 * 60;
/** A task that crashes at the edge of what ECS shows may not be the first that did. */
const EDGE = 10 * 60;
const MINUTE = 60;
/** Minutes before a crash in which its target was still counted healthy, if ever. */
const HEALTHY_BEFORE = 5;
/** How long a new task takes to serve, in minutes, where nothing tells. */
const START_UP = 5;

/** Besides the tasks. */
export interface CrashEvidence {
  readonly readAt: Time;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
}

export function serviceCrashesIn(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  episode: EpisodeSpan,
  errors: Values,
  { readAt, groupMetrics }: CrashEvidence,
): ServiceCrashes | null {
  const { service, tasks, groups } = inUse;
  const from = plusSeconds(episode.onset, -LEAD);
  const to = timeOfMinute(episode.grid, episode.span.last + 1);
  const [first, ...rest] = stops.filter(({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0);
  if (first === undefined) return null;
  const crashed = [first, ...rest] as const;
  const lost = Math.min(1, crashed.length / Math.max(1, service.desired, service.running));
  const earlier =
    secondsBetween(episode.onset, stopsVisibleFrom(readAt)) <= 0
      ? []
      : crashesAtSamePace(
          crashed.map(({ at }) => at),
          inUse,
          groupMetrics,
          episode.onset,
        );
  return {
    stops: crashed,
    earlier,
    since: beganAt(first, earlier, service, episode, readAt),
    covered: coveredBy(
      [...earlier, ...crashed.map(({ at }) => at)],
      tasks.flatMap(({ startedAt }) => startedAt ?? []),
      healthyOf(groupMetrics, groups),
      episode,
      errors,
    ),
    // Those that are left may be too few for what is asked of them: hence three times their share.
    plausible: episode.errorShare === null || episode.errorShare <= 3 * lost + 0.1,
  };
}

/** Dated, next to half of the errors or more, and enough for as many. */
export function accountsForErrors({ since, covered, plausible }: ServiceCrashes): boolean {
  return since !== undefined && covered >= 0.5 && plausible;
}

/** A container fails some time before ECS writes its task down as stopped: the errors tell better when. */
function failedAt({ at }: TaskStop, { onset }: EpisodeSpan): Time {
  const late = secondsBetween(onset, at);
  return late > 0 && late < 2 * MINUTE ? onset : at;
}

function beganAt(
  first: TaskStop,
  [earliest]: readonly Time[],
  service: ServiceInUse['service'],
  episode: EpisodeSpan,
  readAt: Time,
): Time | undefined {
  const { onset } = episode;
  const visible = stopsVisibleFrom(readAt);
  if (secondsBetween(onset, visible) <= 0) return failedAt(first, episode);
  if (earliest !== undefined) return secondsBetween(onset, earliest) > 0 ? onset : earliest;
  // A quiet time between what is shown and the first crash: it is the first.
  if (secondsBetween(visible, first.at) > EDGE) return failedAt(first, episode);
  // Events are kept longer: a task that had to be started as the errors began took the place of one that was lost.
  const replaced = eventsOf(service).find(
    ({ kind, at }) => kind === 'started' && Math.abs(secondsBetween(onset, at)) <= EDGE / 2,
  );
  return replaced?.at;
}

/**
 * From a minute before each crash until as many targets are healthy as before it, a task started since among them; where that
 * was not seen, until such a task has had time to start. One that crashes before it is healthy has never served.
 */
function coveredBy(
  times: readonly Time[],
  starts: readonly Time[],
  healthy: Values | undefined,
  { grid, span }: EpisodeSpan,
  errors: Values,
): number {
  const total = sumOf(valuesIn(errors, span)) ?? 0;
  if (total === 0) return 0;
  const started = starts.map((at) => minuteOf(grid, at)).sort((a, b) => a - b);
  const crashes = times.map((at) => minuteOf(grid, at));
  const away = new Set<number>();
  crashes.forEach((crash, index) => {
    const next = started.find((minute) => minute >= crash);
    const until = next === undefined ? span.last : servesAgain(crash, next, crashes[index + 1], healthy);
    for (let minute = Math.max(span.first, crash - 1); minute <= Math.min(span.last, until); minute += 1)
      away.add(minute);
  });
  const near = errors.reduce<number>((sum, value, minute) => sum + (away.has(minute) ? (value ?? 0) : 0), 0);
  return near / total;
}

/** The last minute in which the task that took the place of a crashed one did not serve. */
function servesAgain(crash: number, next: number, nextCrash: number | undefined, healthy: Values | undefined): number {
  const before = maxOf(valuesIn(healthy, { first: crash - HEALTHY_BEFORE, last: crash - 1 }));
  // A level that did not fall tells nothing of the one that crashed.
  const fell = valuesIn(healthy, { first: crash, last: next }).some((level) => (level ?? 0) < Math.max(1, before ?? 0));
  if (before === null || healthy === undefined || !fell) return next + START_UP;
  const back = healthy.findIndex((level, minute) => minute >= next && (level ?? 0) >= Math.max(1, before));
  const ready = back < 0 ? undefined : Math.max(next, back);
  if (nextCrash !== undefined && (ready === undefined || ready >= nextCrash)) return nextCrash;
  return ready ?? next + START_UP;
}
