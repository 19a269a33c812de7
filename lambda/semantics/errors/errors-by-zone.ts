import type { MetricsById, ZoneMetric } from '../../incident/evidence.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';
import { type EpisodeSpan, errorsInEpisode } from './episode.ts';
import type { ErrorSeries } from './error-series.ts';

/** The requests that nodes answered 503, by the zone of the node. */
export interface Errors503 {
  readonly onset: string;
  readonly total: number;
  /** `null` where AWS told no 503 by zone, though there were some. */
  inZones(zones: readonly string[]): number | null;
}

export function errors503ByZone(
  errors: { readonly series: ErrorSeries; readonly episode: EpisodeSpan | null } | undefined,
  byZone: MetricsById<ZoneMetric> | undefined,
): Errors503 | null {
  const { series, episode } = errors ?? {};
  if (!series || !episode) return null;
  const total = errorsInEpisode(series, '503', episode);
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
