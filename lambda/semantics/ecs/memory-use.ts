import type { MetricsById, ServiceMetric } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { levelIn, maxOf, valuesIn } from '../time/minutes.ts';

/** How full the memory of a service was as the errors began. */
export interface MemoryUse {
  /** The highest percentage in the minutes before the errors. */
  readonly most: number;
  /** It is full, and was not in the hour before. */
  readonly rose: boolean;
}

/** Percent of a service's memory from which on the next allocation may be the last. */
export const MEMORY_FULL = 95;
/** A service whose memory always stands there has been made so: a heap of fixed size. */
const USUAL = 90;
/** Minutes before the errors in which memory must have been full. */
export const MEMORY_LEAD_MINUTES = 10;

/** `null` where its use was not sent. */
export function memoryUseBefore(
  metrics: MetricsById<ServiceMetric> | undefined,
  service: string,
  { span }: EpisodeSpan,
): MemoryUse | null {
  const values = metrics?.of.find(({ id }) => id === service)?.values.MemoryUtilization;
  const most = maxOf(valuesIn(values, { first: span.first - MEMORY_LEAD_MINUTES, last: span.first }));
  if (most === null) return null;
  const usual = levelIn(values, { first: span.first - 60, last: span.first - 2 * MEMORY_LEAD_MINUTES });
  return { most, rose: most >= MEMORY_FULL && usual !== null && usual < USUAL };
}
