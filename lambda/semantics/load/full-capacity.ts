import type { Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { timeOfMinute } from '../time/minutes.ts';

/** Minutes at 100 % that make a limit reached, not touched. */
const SUSTAINED = 3;

/** Minutes in which a load balancer was at 100 % of its capacity. */
export interface FullCapacityRun {
  readonly since: Time;
  readonly minutes: number;
}

/** The run that touches the episode; one that an hour without errors went through is none. */
export function fullCapacityRun(utilization: Values | undefined, { grid, span }: EpisodeSpan): FullCapacityRun | null {
  const full = (minute: number): boolean => (utilization?.[minute] ?? 0) >= 100;
  let first = span.first;
  while (first <= span.last && !full(first)) first += 1;
  if (first > span.last) return null;
  let last = first;
  while (full(last + 1)) last += 1;
  while (full(first - 1)) first -= 1;
  const minutes = last - first + 1;
  return minutes < SUSTAINED || span.first - first > 60 ? null : { since: timeOfMinute(grid, first), minutes };
}
