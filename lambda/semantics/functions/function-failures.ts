import type {
  LambdaConfiguration,
  LambdaFunction,
  LambdaMetric,
  MetricsById,
  TargetGroupMetric,
  Values,
} from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { type CountRise, riseOf } from '../errors/count-rise.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, type Span, secondsBetween, sumOf, valuesIn } from '../time/minutes.ts';

/** How a function failed in an episode, by AWS/Lambda's counts. */
export interface LambdaFailures {
  readonly invocations: number | null;
  readonly errors: number | null;
  readonly throttles: number | null;
  /** Milliseconds. */
  readonly longest: number | null;
  /** The most that ran at a time. */
  readonly concurrent: number | null;
  /** Errors that began with the episode. */
  readonly failing: CountRise | null;
  readonly throttled: CountRise | null;
  /** The longest run in a minute with errors took the whole of the time allowed. */
  readonly timesOut: boolean;
}

/** Invocations that AWS Lambda itself failed, as the load balancer counts them by group: not sent where there were none. */
export function internalErrorsIn(groups: MetricsById<TargetGroupMetric>['of'], span: Span): number {
  return groups.reduce((sum, { values }) => sum + (sumOf(valuesIn(values.LambdaInternalError, span)) ?? 0), 0);
}

/** When it was last modified, where that was in the hour before the errors, or as their first minute began. */
export function modificationBefore(onset: Time, found: LambdaFunction | undefined): Time | null {
  const modified = found?.configuration?.modifiedAt ?? null;
  if (modified === null) return null;
  const seconds = secondsBetween(modified, onset);
  return seconds >= -120 && seconds <= 3600 ? modified : null;
}

/** A run that is cut off is recorded with the timeout, or a few milliseconds more. */
const WHOLE_TIMEOUT = 0.99;

export function failuresOf(
  values: Readonly<Partial<Record<LambdaMetric, Values>>>,
  configuration: LambdaConfiguration | null,
  episode: EpisodeSpan,
): LambdaFailures {
  const { span } = episode;
  const { Errors: errors = [], Throttles: throttles = [], Invocations: invocations } = values;
  const withErrors = (values['Duration.max'] ?? []).map((value, minute) => ((errors[minute] ?? 0) > 0 ? value : null));
  const longest = maxOf(valuesIn(withErrors, span));
  const timeout = configuration?.timeoutSeconds ?? null;
  return {
    invocations: sumOf(valuesIn(invocations, span)),
    errors: sumOf(valuesIn(errors, span)),
    throttles: sumOf(valuesIn(throttles, span)),
    longest,
    concurrent: maxOf(valuesIn(values['ConcurrentExecutions.max'], span)),
    failing: riseOf(errors, episode),
    throttled: riseOf(throttles, episode),
    timesOut: timeout !== null && longest !== null && longest >= WHOLE_TIMEOUT * timeout * 1000,
  };
}
