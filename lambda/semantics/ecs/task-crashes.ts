import type { Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { minuteOf, plusSeconds, secondsBetween, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { eventsOf } from './service-events.ts';
import { type ServiceInUse, stopsVisibleFrom } from './services.ts';
import type { TaskStop } from './task-stops.ts';

/** Crashes of a service's tasks, held against the errors. */
export interface ServiceCrashes {
  /** Oldest first, never empty. */
  readonly stops: readonly [TaskStop, ...TaskStop[]];
  /** When the crashes began; `undefined` where they may be older than what ECS still shows. */
  readonly since: Time | undefined;
  /** The share of the errors that fell from a minute before a crash until another task could serve. */
  readonly covered: number;
  /** Whether so many tasks could answer for so many errors. */
  readonly plausible: boolean;
}

/** Crashes this long before the first error may have led to it: the others carried on. */
const LEAD = 30 * 60;
/** A task that crashes at the edge of what ECS shows may not be the first that did. */
const EDGE = 10 * 60;
const MINUTE = 60;
/** How long a new task takes to serve, in minutes. */
const START_UP = 5;

export function serviceCrashesIn(
  { service, tasks }: ServiceInUse,
  stops: readonly TaskStop[],
  episode: EpisodeSpan,
  errors: Values,
  readAt: Time,
): ServiceCrashes | null {
  const from = plusSeconds(episode.onset, -LEAD);
  const to = timeOfMinute(episode.grid, episode.span.last + 1);
  const [first, ...rest] = stops.filter(({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0);
  if (first === undefined) return null;
  const crashed = [first, ...rest] as const;
  const lost = Math.min(1, crashed.length / Math.max(1, service.desired, service.running));
  return {
    stops: crashed,
    since: beganAt(first, service, episode, readAt),
    covered: coveredBy(
      crashed,
      tasks.flatMap(({ startedAt }) => startedAt ?? []),
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
  service: ServiceInUse['service'],
  episode: EpisodeSpan,
  readAt: Time,
): Time | undefined {
  const { onset } = episode;
  const visible = stopsVisibleFrom(readAt);
  if (secondsBetween(onset, visible) <= 0) return failedAt(first, episode);
  // A quiet time between what is shown and the first crash: it is the first.
  if (secondsBetween(visible, first.at) > EDGE) return failedAt(first, episode);
  // Events are kept longer: a task that had to be started as the errors began took the place of one that was lost.
  const replaced = eventsOf(service).find(
    ({ kind, at }) => kind === 'started' && Math.abs(secondsBetween(onset, at)) <= EDGE / 2,
  );
  return replaced?.at;
}

/** From a minute before each crash until a task that started after it can serve. */
function coveredBy(
  stops: readonly TaskStop[],
  starts: readonly Time[],
  { grid, span }: EpisodeSpan,
  errors: Values,
): number {
  const total = sumOf(valuesIn(errors, span)) ?? 0;
  if (total === 0) return 0;
  const started = starts.map((at) => minuteOf(grid, at)).sort((a, b) => a - b);
  const away = new Set<number>();
  for (const stop of stops) {
    const crash = minuteOf(grid, stop.at);
    const next = started.find((minute) => minute >= crash);
    const until = next === undefined ? span.last : Math.min(span.last, next + START_UP);
    for (let minute = Math.max(span.first, crash - 1); minute <= until; minute += 1) away.add(minute);
  }
  const near = errors.reduce<number>((sum, value, minute) => sum + (away.has(minute) ? (value ?? 0) : 0), 0);
  return near / total;
}
