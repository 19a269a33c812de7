import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import { meanOf, type Span, valuesIn } from '../time/minutes.ts';

/** How much longer answers took than before, in seconds. */
export interface Slowdown {
  readonly of: 'p50' | 'p99';
  readonly before: number;
  readonly after: number;
}

/** From this many times the time before on, and from this many seconds: faster answers are not slow, whatever they were. */
const TIMES = 2;
const NOTICED = 0.2;

/** The middle answers tell it better than the slowest, which double from minute to minute by chance. */
const MEASURES = ['p50', 'p99'] as const;

/** `null`: answers took as long as before. `not-seen`: AWS sent no response times of one of the spans. */
export function slowdownIn(
  { values }: Metrics<LoadBalancerMetric>,
  before: Span,
  after: Span,
): Slowdown | 'not-seen' | null {
  const seen = MEASURES.flatMap((of) => {
    const times = values[`TargetResponseTime.${of}`];
    const [was, is] = [meanOf(valuesIn(times, before)), meanOf(valuesIn(times, after))];
    return was === null || is === null ? [] : [{ of, before: was, after: is }];
  });
  if (seen.length === 0) return 'not-seen';
  return seen.find((one) => one.after >= TIMES * one.before && one.after >= NOTICED) ?? null;
}
