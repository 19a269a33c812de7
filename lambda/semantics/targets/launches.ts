import type { Target, Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, minuteOf, valuesIn } from '../time/minutes.ts';
import type { TargetWave } from './target-waves.ts';

/** Errors that begin more than this many minutes after a launch are not those of starting. */
const COINCIDES = 3;
/** Minutes around the end of the errors in which the new target became healthy. */
export const READY_WITHIN = 3;
/** A launch with which the errors begin, and no target left at that time: then that would be the cause. */
export function launchBefore(
  { arrivals, departures }: Record<'arrivals' | 'departures', readonly TargetWave[]>,
  { grid, span }: EpisodeSpan,
): TargetWave | null {
  const isWithin = (minutes: number) => (wave: TargetWave) => {
    const since = span.first - minuteOf(grid, wave.at);
    return since <= minutes && since >= -1;
  };
  if (departures.some(isWithin(2 * COINCIDES))) return null;
  return arrivals.find(isWithin(COINCIDES)) ?? null;
}

/** A new target is awaited while errors go on, or became healthy as they ended. */
export type LaunchReadiness = 'awaited' | 'reached';

/** `null` where the errors do not end with its readiness. */
export function readinessOf(
  { at, targetGroups }: TargetWave,
  starting: readonly Target[],
  healthy: Values | undefined,
  { grid, span, end }: EpisodeSpan,
): LaunchReadiness | null {
  const began = minuteOf(grid, at);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 }));
  if (before === null) return null;
  const rose = valuesIn(healthy, { first: began, last: grid.minutes - 1 }).findIndex(
    (level) => level !== null && level > before,
  );
  if (end === null) {
    const waits = rose < 0 && starting.some(({ targetGroup }) => targetGroups.includes(targetGroup));
    return waits ? 'awaited' : null;
  }
  return rose < 0 || Math.abs(began + rose - (span.last + 1)) > READY_WITHIN ? null : 'reached';
}
