import type { Errors } from '../../../computed/errors.ts';
import type { Routed } from '../../../computed/routed.ts';
import type { MetricsById, Target, TargetGroup, TargetGroupMetric } from '../../../incident/evidence.ts';
import { code, count, inSeconds, type Text, text } from '../../../incident/text.ts';
import { internalErrorsIn } from '../../../semantics/functions/function-failures.ts';
import { timesOutOn } from '../../../semantics/network/target-paths.ts';
import { unhealthySince } from '../../../semantics/targets/health-history.ts';
import { maxOf, type Span, secondsBetween } from '../../../semantics/time/minutes.ts';
import { connectionErrorsIn, failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { DEFAULT_IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import { claim } from '../../argue.ts';
import { ruledOut } from '../../cause.ts';

/** Slowest answers from here on are near the idle timeout: those beyond it never show in TargetResponseTime. */
const NEAR = 0.75;
/** Up to this share of the 504s may be failed connections, and the rest still be slow answers. */
const FEW = 0.1;

type ByGroup = MetricsById<TargetGroupMetric> | undefined;

/** How long answers took, from some minutes before the errors on. */
export interface AnswerPace {
  /** In seconds, of all that hosts answered. */
  readonly slowest: number | null;
  readonly isNear: boolean;
  /** They came near the timeout with the errors, and were not before. */
  readonly slowed: boolean;
  /** The groups whose slowest answers are near it. */
  readonly nearIn: readonly string[];
}

interface RoutedKinds {
  readonly all: readonly string[];
  readonly functions: readonly string[];
  readonly onHosts: readonly string[];
}

export function routedKinds(routed: Routed, groups: readonly TargetGroup[]): RoutedKinds {
  const all = routed.byRules ? routed.groups : [];
  const functions = groups.flatMap(({ arn, targetType }) => (targetType === 'lambda' ? arn : []));
  return { all, functions, onHosts: all.filter((arn) => !functions.includes(arn)) };
}

export function paceOf(
  { all, functions, onHosts }: RoutedKinds,
  { metrics, span }: Errors,
  byGroup: ByGroup,
  timeout: number,
): AnswerPace {
  const groups = byGroup?.of ?? [];
  const asked = groups.filter(({ id }) => onHosts.includes(id));
  // How long functions run is in the load balancer's own count, too.
  const slowestIn = (part: Span) =>
    onHosts.length === all.length
      ? slowestAnswer(metrics.values, part)
      : maxOf(asked.map(({ values }) => slowestAnswer(values, part)));
  const isNear = (seconds: number | null) => (seconds ?? 0) >= NEAR * timeout;
  const around = { first: Math.max(0, span.first - 10), last: span.last };
  const slowest = slowestIn(around);
  // One endpoint that always takes so long proves nothing, unless the timeout itself became too short for it.
  const usual = slowestIn({ first: Math.max(0, around.first - 60), last: around.first - 1 });
  return {
    slowest,
    isNear: isNear(slowest),
    slowed: isNear(slowest) && (timeout < DEFAULT_IDLE_TIMEOUT || !isNear(usual)),
    nearIn: groups.flatMap(({ id, values }) =>
      !functions.includes(id) && isNear(slowestAnswer(values, around)) ? id : [],
    ),
  };
}

export function paceClaim({ slowest, isNear, slowed }: AnswerPace, timeout: number) {
  const most = text`the slowest answers took ${inSeconds(slowest ?? 0)}`;
  const shows = isNear
    ? text`${most}, near the idle timeout of ${inSeconds(timeout)}`
    : text`${most}: those that came were far from the idle timeout`;
  return claim<'loadBalancerMetrics'>(slowed, slowest !== null && { from: 'loadBalancerMetrics', shows });
}

/** What the 504s are instead of answers that came too late. */
export function otherTimeouts({ metrics, span, ...errors }: Errors, byGroup: ByGroup) {
  const many = FEW * errors.count('504');
  const ofLambda = internalErrorsIn(byGroup?.of ?? [], span);
  const connections = connectionErrorsIn(metrics, span) ?? 0;
  const handshakes = failedHandshakes(metrics, span);
  if (ofLambda >= (1 - FEW) * errors.count('504')) {
    const failed = text`${count(ofLambda, 'invocation')} failed by ${code('LambdaInternalError')}`;
    return ruledOut(text`the ${code(504)}s are of AWS Lambda: ${failed}`, 'targetGroupMetrics');
  }
  if (connections <= many && handshakes <= many) return null;
  const failed =
    connections > many
      ? text`connections: ${count(connections, 'connection error')}`
      : text`TLS handshakes: ${count(handshakes, 'TLS negotiation error')}`;
  return ruledOut(text`the ${code(504)}s are failed ${failed} in the same minutes`, 'loadBalancerMetrics');
}

/** Targets that do not answer at all, not even slowly. */
export function hungInstead(
  inUse: readonly Target[],
  { slowed, slowest, isNear }: AnswerPace,
  byGroup: ByGroup,
  onset: string,
): Text | null {
  const hung = inUse.filter((target) => target.port !== null && timesOutOn(target, target.port));
  if (!slowed && hung.length > 0 && hung.length === inUse.length) {
    return text`every target fails its health checks by timeout: they do not answer at all, not even slowly`;
  }
  if (slowest === null || isNear) return null;
  if (!hung.some(({ targetGroup }) => isAsOf(unhealthySince(byGroup, targetGroup), onset))) return null;
  return text`the answers that came took ${inSeconds(slowest)} at most, and since the errors began ${count(hung.length, 'target')} answered no health check in time: not slow, but hung`;
}

/** Unhealthy as the errors began: it takes some failed checks until a target is called so. */
function isAsOf(since: string | undefined, onset: string): boolean {
  const seconds = since === undefined ? Number.NaN : secondsBetween(onset, since);
  return -120 <= seconds && seconds <= 600;
}
