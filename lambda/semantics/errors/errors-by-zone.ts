import type { LoadBalancerMetric, Metrics, MetricsById, ZoneMetric } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';
import { errorEpisode, errorsInEpisode } from './episode.ts';
import { errorSeries } from './error-series.ts';

/** The requests that nodes answered 503, by the zone of the node. */
export interface Errors503 {
  readonly onset: string;
  readonly total: number;
  /** `null` where AWS told no 503 by zone, though there were some. */
  inZones(zones: readonly string[]): number | null;
}

export function errors503ByZone(
  metrics: Metrics<LoadBalancerMetric> | undefined,
  byZone: MetricsById<ZoneMetric> | undefined,
  window: Window,
): Errors503 | null {
  const episode = metrics && errorEpisode(metrics, window);
  if (!metrics || !episode) return null;
  const total = errorsInEpisode(errorSeries(metrics), '503', episode);
  const all = (byZone?.of ?? []).map(({ id, values }) => ({
    id,
    errors: sumOf(valuesIn(values.HTTPCode_ELB_503_Count, episode.span)) ?? 0,
  }));
  const told = total === 0 || all.some(({ errors }) => errors > 0);
  return {
    onset: episode.onset,
    total,
    inZones: (zones) =>
      told ? all.filter(({ id }) => zones.includes(id)).reduce((sum, { errors }) => sum + errors, 0) : null,
  };
}
