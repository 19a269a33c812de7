import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, code, count, formatNumber, partOf, percent, type Text, text, time } from '../../incident/text.ts';
import { type EpisodeSpan, errorEpisode } from '../../semantics/errors/episode.ts';
import { sumOf, valuesIn } from '../../semantics/time/minutes.ts';

/** Nearly all errors, and no fewer. */
const NEARLY_ALL = 0.9;
/** Were errors spread as requests are, the other zones would have had so many of them: fewer may be chance. */
const EXPECTED = 5;

/**
 * The zone of an error is that of the load balancer's node which answered, not of the target. With cross-zone load
 * balancing, a bad target makes errors in every zone: errors in one tell of the way from there, or of the zone itself.
 */
export function errorsOfOneZone({ evidence, question }: Snapshot): readonly Citation<Text>[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  const episode = metrics === undefined ? null : errorEpisode(metrics, question.window);
  if (episode === null) return [];
  const zones = trafficByZone(evidence, episode);
  const [worst, ...others] = [...zones].sort((a, b) => b.errors - a.errors);
  const errors = sumBy(zones, 'errors');
  // What CloudWatch tells by zone has to be what it tells of the whole.
  if (worst === undefined || errors < NEARLY_ALL * episode.errors || worst.errors < NEARLY_ALL * errors) return [];
  const share = worst.requests / sumBy(zones, 'requests');
  if (errors * (1 - share) < EXPECTED) return [];
  const all = worst.errors === errors;
  const part = all ? partOf(errors, errors, 'error') : text`${formatNumber(worst.errors)} of ${count(errors, 'error')}`;
  const rest = all ? 'without one' : text`with ${count(errors - worst.errors, 'error')}`;
  return [
    {
      from: 'zoneMetrics',
      shows: text`${part} since ${time(episode.onset)} came through the load balancer's nodes in ${code(worst.zone)}, which got ${percent(share)} of the requests; those in ${andList(others.map(({ zone }) => code(zone)))} answered ${formatNumber(sumBy(others, 'requests'))} ${rest}`,
      at: episode.onset,
    },
  ];
}

interface ZoneTraffic {
  readonly zone: string;
  readonly requests: number;
  readonly errors: number;
}

/** Empty where any zone of the load balancer was not read whole. */
function trafficByZone(
  { loadBalancer, zoneMetrics }: Snapshot['evidence'],
  { span }: EpisodeSpan,
): readonly ZoneTraffic[] {
  if (!loadBalancer.seen || !zoneMetrics.seen || zoneMetrics.gaps.length > 0) return [];
  const zones = [...new Set(loadBalancer.value.zones.map(({ zone }) => zone))];
  const read = zoneMetrics.value.of.filter(({ id }) => zones.includes(id));
  if (read.length < zones.length) return [];
  return read.map(({ id, values }) => {
    const sum = (name: keyof typeof values): number => sumOf(valuesIn(values[name], span)) ?? 0;
    const errors = sum('HTTPCode_ELB_5XX_Count') + sum('HTTPCode_Target_5XX_Count');
    // A request answered 503 for want of a target is not in RequestCount.
    return { zone: id, errors, requests: Math.max(sum('RequestCount'), errors) };
  });
}

function sumBy(zones: readonly ZoneTraffic[], what: 'requests' | 'errors'): number {
  return zones.reduce((sum, zone) => sum + zone[what], 0);
}
