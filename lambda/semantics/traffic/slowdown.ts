import { ERROR_KINDS } from '../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import type { Errors } from '../errors/errors.ts';
import { levelIn, meanOf, type Span, valuesIn } from '../time/minutes.ts';

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

/** `null`: answers took as long as before. `not-seen`: AWS sent no response times of one of the spans, or too few to know what is usual. */
export function slowdownIn(
  { values }: Metrics<LoadBalancerMetric>,
  before: Span,
  after: Span,
): Slowdown | 'not-seen' | null {
  const seen = MEASURES.flatMap((of) => {
    const times = values[`TargetResponseTime.${of}`];
    const [was, is] = [levelIn(times, before), meanOf(valuesIn(times, after))];
    return was === null || is === null ? [] : [{ of, before: was, after: is }];
  });
  if (seen.length === 0) return 'not-seen';
  return seen.find((one) => one.after >= TIMES * one.before && one.after >= NOTICED) ?? null;
}

/**
 * A target at its limit is slow: one that answers 5xx as fast as ever has an error of its own. How much slower answers
 * became with the errors, where most of these are answers of targets; else `undefined`.
 */
export function slowdownOfErrors({ metrics, episode, count }: Errors): Slowdown | 'not-seen' | null | undefined {
  if (episode === null || 2 * count('target5xx') <= count(...ERROR_KINDS)) return undefined;
  const { first } = episode.span;
  return slowdownIn(metrics, { first: first - 60, last: first - 1 }, episode.span);
}
