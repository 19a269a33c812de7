import type { MetricsById, ServiceMetric } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../episode.ts';
import { maxOf, meanOf, within } from '../minutes.ts';

/** How full the memory of a service was as the errors began. */
export interface MemoryUsed {
  /** The highest percentage in the minutes before the errors. */
  readonly most: number;
  /** It is full, and was not in the hour before. */
  readonly rose: boolean;
}

/** Percent of a service's memory from which on the next allocation may be the last. */
export const FULL = 95;
/** A service whose memory always stands there has been made so: a heap of fixed size. */
const USUAL = 90;
/** Minutes before the errors in which memory must have been full. */
export const JUST_BEFORE = 10;

/** `null` where its use was not sent. */
export function memoryBefore(
  metrics: MetricsById<ServiceMetric> | undefined,
  service: string,
  { span }: EpisodeSpan,
): MemoryUsed | null {
  const values = metrics?.of.find(({ id }) => id === service)?.values.MemoryUtilization;
  const most = maxOf(within(values, { first: span.first - JUST_BEFORE, last: span.first }));
  if (most === null) return null;
  const usual = meanOf(within(values, { first: span.first - 60, last: span.first - 2 * JUST_BEFORE }));
  return { most, rose: most >= FULL && (usual ?? 0) < USUAL };
}
