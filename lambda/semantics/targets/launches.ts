import type { Target, Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, minuteOf, type Span, valuesIn } from '../time/minutes.ts';
import type { TargetWave } from './target-waves.ts';

/** Errors that begin more than this many minutes after a launch are not those of starting. */
export const COINCIDES = 5;
/** Minutes around the end of the errors in which the new target became healthy. */
export const READY_WITHIN = 3;
/** Minutes before the errors in which a target that left may be their cause. */
const LEFT_BEFORE = 6;
/** Quiet for so many minutes, a burst has ended, whether or not another may come. */
const ENDED = 3;

/** A launch with which errors began. */
export interface ErrorsOfLaunch {
  readonly launch: TargetWave;
  /** Those with which the bursts of the episode began, in the same groups: oldest first, it the last. */
  readonly launches: readonly TargetWave[];
  /** The errors that began with it: all of the episode, or, where each burst began with a launch, the last one. */
  readonly burst: Span;
  /** So many bursts before it began with a launch, too, and none without. */
  readonly others: number;
  /** Targets left just before, though none was missed: what cuts their requests is a rival. */
  readonly someLeft: boolean;
}

/** `null` where the errors began with no launch, or a target left before them and was missed: that would be the cause. */
export function errorsOfLaunch(
  { arrivals, departures }: Record<'arrivals' | 'departures', readonly TargetWave[]>,
  healthyOf: (targetGroups: readonly string[]) => Values | undefined,
  episode: EpisodeSpan,
): ErrorsOfLaunch | null {
  const { grid, span, bursts, earlier } = episode;
  const isWithin = (first: number, minutes: number) => (wave: TargetWave) => {
    const since = first - minuteOf(grid, wave.at);
    return since <= minutes && since >= -1;
  };
  const launchOf = ({ first }: Span) => arrivals.findLast(isWithin(first, COINCIDES));
  const all = [...earlier, ...bursts];
  const last = all.at(-1) ?? span;
  const recurs = all.length > 1 && all.every((burst) => launchOf(burst) !== undefined);
  const burst = recurs ? { first: last.first, last: span.last } : span;
  const launch = launchOf(burst);
  if (launch === undefined) return null;
  const left = departures.filter(isWithin(burst.first, LEFT_BEFORE));
  const isMissed = ({ at, targetGroups }: TargetWave) =>
    wasMissed(healthyOf(targetGroups), minuteOf(grid, at), burst.first);
  if (left.some(isMissed)) return null;
  const groups = launch.targetGroups.join();
  const launches = recurs ? bursts.flatMap((one) => launchOf(one) ?? []) : [];
  const ofSame = [...new Set([...launches, launch])].filter(({ targetGroups }) => targetGroups.join() === groups);
  return { launch, launches: ofSame, burst, others: recurs ? all.length - 1 : 0, someLeft: left.length > 0 };
}

/** Whether fewer were healthy as a target left, as far as anybody saw; it may have been taken off some minutes before it ended. */
function wasMissed(healthy: Values | undefined, left: number, onset: number): boolean {
  const before = maxOf(valuesIn(healthy, { first: left - 10, last: left - 1 }));
  const since = valuesIn(healthy, { first: left, last: Math.max(left, onset + 1) });
  const isKnown = before !== null && before > 0 && since.length > 0;
  return !isKnown || since.some((level) => level === null || level < before);
}

/** A new target is awaited while errors go on, or became healthy as they ended. */
export type LaunchReadiness = 'awaited' | 'reached';

/** `null` where the errors do not end with its readiness. */
export function readinessOf(
  { launch: { at, targetGroups }, burst }: ErrorsOfLaunch,
  awaited: readonly Target[],
  healthy: Values | undefined,
  { grid, end }: EpisodeSpan,
): LaunchReadiness | null {
  const began = minuteOf(grid, at);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 }));
  if (before === null) return null;
  const rose = valuesIn(healthy, { first: began, last: grid.minutes - 1 }).findIndex(
    (level) => level !== null && level > before,
  );
  if (end === null && grid.minutes - 1 - burst.last < ENDED) {
    const waits = rose < 0 && awaited.some(({ targetGroup }) => targetGroups.includes(targetGroup));
    return waits ? 'awaited' : null;
  }
  return rose < 0 || Math.abs(began + rose - (burst.last + 1)) > READY_WITHIN ? null : 'reached';
}
