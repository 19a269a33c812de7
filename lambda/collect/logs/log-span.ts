import type { Grid, LoadBalancerMetrics } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { METRIC_MINUTES, type Question } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { episodeOf } from '../../semantics/errors/episode.ts';
import { plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';

/** What is read of the logs: the window, and what was usual before the errors began. */
export interface LogSpan {
  readonly from: Time;
  readonly to: Time;
  /** When the errors began, where the metrics tell. */
  readonly onset: Time | null;
}

/** So much of what was usual is enough to compare with. */
const BEFORE_ONSET = 20 * 60;

export function logSpan({ window, at }: Question, metrics: Observed<LoadBalancerMetrics>): LogSpan {
  const episode = episodeOf(metrics, { seen: false, why: 'not-asked', detail: '', source: [] }, null, window);
  const onset = episode?.onset ?? null;
  const before = plusSeconds(onset ?? window.from, -BEFORE_ONSET);
  const earliest = plusSeconds(at, -METRIC_MINUTES * 60);
  const from = [window.from, before].sort((one, other) => secondsBetween(other, one))[0] ?? before;
  return { from: minuteOf(secondsBetween(from, earliest) > 0 ? earliest : from), to: at, onset };
}

/** A minute more, for one that has begun. */
export function gridOf({ from, to }: LogSpan): Grid {
  return { from, minutes: Math.max(1, Math.ceil(secondsBetween(from, to) / 60)) };
}

function minuteOf(at: Time): Time {
  return plusSeconds(at, -((Date.parse(at) / 1000) % 60));
}
