import type { Errors } from '../../../computed/errors.ts';
import type { RoutedFunction } from '../../../computed/functions.ts';
import type { Strength } from '../../../incident/cause.ts';
import type { LambdaMetric, MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import type { Time } from '../../../incident/text.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { failuresOf, type LambdaFailures } from '../../../semantics/functions/function-failures.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';

/** Failures that make up this share of the errors account for them. */
const MOST = 0.5;

/** A function with what was counted of it while the load balancer answered errors. */
export interface CountedFunction extends RoutedFunction {
  readonly failures: LambdaFailures;
  /** Of the group; `null` where CloudWatch has nothing by group. */
  readonly userErrors: number | null;
  readonly requests: number | null;
  readonly errors502: number;
}

export function countedFunction(
  routed: RoutedFunction,
  episode: EpisodeSpan,
  errors: Errors,
  metrics: MetricsById<LambdaMetric>,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
): CountedFunction {
  const own = metrics.of.find(({ id }) => id === routed.arn.unqualified)?.values ?? {};
  const ofGroup = byGroup?.of.find(({ id }) => id === routed.group.arn)?.values ?? {};
  const requests = sumOf(valuesIn(ofGroup.RequestCount, episode.span));
  const userErrors = sumOf(valuesIn(ofGroup.LambdaUserError, episode.span));
  return {
    ...routed,
    failures: failuresOf(own, routed.found?.configuration ?? null, episode),
    requests,
    // A group that sends its requests and no LambdaUserError has none: AWS leaves zeros out.
    userErrors: userErrors ?? (requests === null ? null : 0),
    errors502: errors.count('502'),
  };
}

/** A way in which a function that is invoked fails the load balancer. */
export interface FunctionFault {
  readonly kind: 'throttled' | 'timed-out' | 'errors' | 'shape';
  readonly strength: Strength;
  readonly since?: Time;
}

export function faultOf(one: CountedFunction): FunctionFault | null {
  const { failures, userErrors, errors502, alone } = one;
  if (userErrors === 0) return null;
  // Whether the 502s are this group's own.
  const own = userErrors === null ? alone : userErrors >= MOST * errors502;
  const { throttled, failing, timesOut } = failures;
  const isThrottled = (throttled?.count ?? 0) >= (failing?.count ?? 0);
  const most = isThrottled ? throttled : failing;
  if (most !== null && most.count > 0) {
    const kind = isThrottled ? 'throttled' : timesOut ? 'timed-out' : 'errors';
    const accounts = most.count >= MOST * (userErrors ?? errors502);
    return { kind, strength: own && accounts ? 'decisive' : 'circumstantial', since: most.since };
  }
  if (!answersOddly(one)) return null;
  return { kind: 'shape', strength: own && isItsShape(one) ? 'strong' : 'circumstantial' };
}

/** It runs, and neither fails nor is refused. Were it not invoked for the load balancer, another cause tells. */
function answersOddly({ failures, userErrors, alone, invocability }: CountedFunction): boolean {
  const { invocations, errors, throttles } = failures;
  const runsWell = (invocations ?? 0) > 0 && errors === 0 && (throttles ?? 0) === 0;
  return runsWell && (userErrors !== null || alone) && ['open', 'unknown'].includes(invocability.is);
}

/** It is invoked for the requests, and the load balancer counts what it answers as its error. */
function isItsShape({ userErrors, failures, requests, invocability }: CountedFunction): boolean {
  const invoked = requests !== null && (failures.invocations ?? 0) >= MOST * requests;
  return invoked && invocability.is === 'open' && (userErrors ?? 0) > 0;
}
