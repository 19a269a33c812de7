import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { levelIn, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';
import type { EpisodeSpan } from './episode.ts';
import { withZeros } from './error-series.ts';

/** A cause may show some minutes before the first error; the hour before those minutes is the level it rises from. */
const LEAD = 10;
const HOUR = 60;

/** How a count left its level as an episode began, or during it. */
export interface CountRise {
  readonly since: Time;
  /** Mean a minute before it; `null`: nobody knows what it rose from, or whether it rose at all. */
  readonly before: number | null;
  /** What came on top of the level before, up to the end of the episode. */
  readonly count: number;
}

/** Mean a minute in the hour before anything began; `null` where too little of it was seen. */
export function levelBefore(values: Values, episode: EpisodeSpan): number | null {
  const end = episode.span.first - LEAD;
  return levelIn(values, { first: end - HOUR, last: end - 1 });
}

/**
 * `null` for a count that stays at its level: what was there all the time does not begin an episode. Of one that comes now
 * and then, a single minute is no rise: all that came has to be more than twice what the level brings in that time. Where
 * nobody knows the level, all that came counts.
 */
export function riseOf(values: Values, episode: EpisodeSpan): CountRise | null {
  const before = levelBefore(values, episode);
  const level = before ?? 0;
  const { first, last } = episode.span;
  const start = Math.max(0, first - LEAD);
  const at = valuesIn(values, { first: start, last }).findIndex((value) => value !== null && value > 2 * level);
  if (at < 0) return null;
  const risen = valuesIn(values, { first: start + at, last });
  if ((sumOf(risen) ?? 0) <= 2 * level * risen.length) return null;
  return {
    since: timeOfMinute(episode.grid, start + at),
    before,
    count: Math.round(sumOf(excessOver(risen, level)) ?? 0),
  };
}

/** Of several counts of a load balancer, those that rose. */
export function risesOf(
  metrics: Metrics<LoadBalancerMetric>,
  names: readonly LoadBalancerMetric[],
  episode: EpisodeSpan,
): readonly (CountRise & { readonly name: LoadBalancerMetric })[] {
  return names.flatMap((name) => {
    const rise = riseOf(withZeros(metrics, name), episode);
    return rise === null ? [] : [{ name, ...rise }];
  });
}

/** What of each minute lies above a level. */
export function excessOver(values: Values, level: number): Values {
  return values.map((value) => (value === null ? null : Math.max(0, value - level)));
}
