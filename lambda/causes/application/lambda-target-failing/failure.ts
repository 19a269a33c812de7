import type { LambdaFunction, MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import type { LambdaFailures } from '../../../semantics/functions/function-failures.ts';
import { invocabilityFor } from '../../../semantics/functions/invocability.ts';
import type { RoutedFunction } from '../../../semantics/functions/routed-functions.ts';
import { type Span, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';

/** Failures that make up this share of the errors account for them. */
const MOST = 0.5;

/** The ways in which a function that is invoked fails the load balancer. */
export type LambdaFailure = 'throttled' | 'timed-out' | 'errors' | 'shape';

export interface JudgedFunction {
  readonly routed: RoutedFunction;
  readonly found: LambdaFunction | undefined;
  readonly failures: LambdaFailures;
  /** Of the group; `null` where CloudWatch has nothing by group. */
  readonly userErrors: number | null;
  readonly requests: number | null;
  readonly errors502: number;
}

/** A group that sends its requests and no LambdaUserError has none: AWS leaves zeros out. */
export function countsOf(group: string, metrics: MetricsById<TargetGroupMetric> | undefined, span: Span) {
  const values = metrics?.of.find(({ id }) => id === group)?.values ?? {};
  const requests = sumOf(valuesIn(values.RequestCount, span));
  const errors = sumOf(valuesIn(values.LambdaUserError, span));
  return { requests, userErrors: errors ?? (requests === null ? null : 0) };
}

export interface Failure {
  readonly kind: LambdaFailure;
  readonly strength: 'decisive' | 'strong' | 'circumstantial';
  readonly since: string | null;
}

export function failureOf(one: JudgedFunction): Failure | null {
  const { failures, userErrors, errors502, routed } = one;
  if (userErrors === 0) return null;
  // Whether the 502s are this group's own.
  const own = userErrors === null ? routed.alone : userErrors >= MOST * errors502;
  const enough = MOST * (userErrors ?? errors502);
  const { throttled, failing } = failures;
  const candidates = [
    ...(throttled === null ? [] : [{ kind: 'throttled' as const, rise: throttled }]),
    ...(failing === null
      ? []
      : [{ kind: failures.timesOut ? ('timed-out' as const) : ('errors' as const), rise: failing }]),
  ].sort((a, b) => b.rise.count - a.rise.count);
  const [most] = candidates;
  if (most !== undefined && most.rise.count > 0) {
    const strength = own && most.rise.count >= enough ? 'decisive' : 'circumstantial';
    return { kind: most.kind, strength, since: most.rise.since };
  }
  return answersOddly(one) ? { kind: 'shape', strength: shapeStrength(one, own), since: null } : null;
}

/** It runs, and neither fails nor is refused. Were it not invoked for the load balancer, another rule tells. */
function answersOddly({ failures, userErrors, routed, found }: JudgedFunction): boolean {
  const { invocations, errors, throttles } = failures;
  if (invocations === null || invocations === 0 || errors !== 0 || (throttles ?? 0) > 0) return false;
  if (userErrors === null && !routed.alone) return false;
  const { is } = invocabilityFor(routed.group, found);
  return is === 'open' || is === 'unknown';
}

function shapeStrength(
  { userErrors, failures, requests, routed, found }: JudgedFunction,
  own: boolean,
): Failure['strength'] {
  const invoked = requests !== null && failures.invocations !== null && failures.invocations >= MOST * requests;
  const open = invocabilityFor(routed.group, found).is === 'open';
  return own && invoked && open && (userErrors ?? 0) > 0 ? 'strong' : 'circumstantial';
}
