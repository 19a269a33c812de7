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
import { maxOf, type Span, secondsBetween, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';

/** How a function failed in an episode, by AWS/Lambda's counts and by those of its target group. */
export interface FunctionFailures {
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
  /** Of the group; `null` where CloudWatch has nothing by group. */
  readonly requests: number | null;
  readonly userErrors: number | null;
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
  { own, ofGroup }: { readonly own: SeriesByMetric<LambdaMetric>; readonly ofGroup: SeriesByMetric<TargetGroupMetric> },
  configuration: LambdaConfiguration | null,
  episode: EpisodeSpan,
): FunctionFailures {
  const { span } = episode;
  const { Errors: errors = [], Throttles: throttles = [], Invocations: invocations } = own;
  const withErrors = (own['Duration.max'] ?? []).map((value, minute) => ((errors[minute] ?? 0) > 0 ? value : null));
  const longest = maxOf(valuesIn(withErrors, span));
  const timeout = configuration?.timeoutSeconds ?? null;
  const requests = sumOf(valuesIn(ofGroup.RequestCount, span));
  return {
    invocations: sumOf(valuesIn(invocations, span)),
    errors: sumOf(valuesIn(errors, span)),
    throttles: sumOf(valuesIn(throttles, span)),
    longest,
    concurrent: maxOf(valuesIn(own['ConcurrentExecutions.max'], span)),
    failing: riseOf(errors, episode),
    throttled: riseOf(throttles, episode),
    timesOut: timeout !== null && longest !== null && longest >= WHOLE_TIMEOUT * timeout * 1000,
    requests,
    // A group that sends its requests and no LambdaUserError has none: AWS leaves zeros out.
    userErrors: sumOf(valuesIn(ofGroup.LambdaUserError, span)) ?? (requests === null ? null : 0),
  };
}

type SeriesByMetric<Metric extends string> = Readonly<Partial<Record<Metric, Values>>>;

/** AWS knows better: a group whose function answered in the newest minutes is being invoked. In the first one it still was. */
export function answersLately(ofGroup: SeriesByMetric<TargetGroupMetric>, { first, last }: Span): boolean {
  const newest = { first: Math.max(first + 1, last - 4), last };
  return (sumOf(valuesIn(ofGroup.HTTPCode_Target_2XX_Count, newest)) ?? 0) > 0;
}

const CALLS = ['Invocations', 'Throttles'] as const satisfies readonly LambdaMetric[];

/** Since when nobody has called it; `null` where somebody has. In the first minute of the errors it may still have been. */
export function uncalledSince(own: SeriesByMetric<LambdaMetric>, { grid, span }: EpisodeSpan): Time | null {
  const meanwhile = { first: span.first + 1, last: span.last };
  const isCalled = CALLS.some((name) => (sumOf(valuesIn(own[name], meanwhile)) ?? 0) > 0);
  return isCalled || meanwhile.first > meanwhile.last ? null : timeOfMinute(grid, meanwhile.first);
}
