import type { LoadBalancerMetric, Metrics, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { type Phrase, phrase } from '../../incident/text.ts';
import { withZeros } from '../errors/error-series.ts';
import { maxOf, type Span, sumOf, valuesIn } from '../time/minutes.ts';

/** The slowest answers in a span, in seconds: the maximum where AWS sent it, else the 99th percentile. */
export function slowestAnswer(
  values: Readonly<Partial<Record<TargetGroupMetric | LoadBalancerMetric, Values>>>,
  span: Span,
): number | null {
  const most = maxOf(valuesIn(values['TargetResponseTime.max'], span));
  const p99 = maxOf(valuesIn(values['TargetResponseTime.p99'], span));
  return most === null ? p99 : Math.max(most, p99 ?? 0);
}

/**
 * Failed connections to targets among the minutes of a span with 504s. AWS counts a refused or timed-out connection in
 * TargetConnectionErrorCount; a request that connected and got no answer is not in it.
 */
export function connectionErrorsIn(metrics: Metrics<LoadBalancerMetric>, span: Span): number | null {
  return besideTimeouts(metrics, 'TargetConnectionErrorCount', span);
}

/** TLS handshakes with targets that failed, in the same minutes: one that takes over ten seconds is answered 504, too. */
export function failedHandshakes(metrics: Metrics<LoadBalancerMetric>, span: Span): number {
  return besideTimeouts(metrics, 'TargetTLSNegotiationErrorCount', span) ?? 0;
}

function besideTimeouts(metrics: Metrics<LoadBalancerMetric>, name: LoadBalancerMetric, span: Span): number | null {
  const errors504 = withZeros(metrics, 'HTTPCode_ELB_504_Count');
  const values = withZeros(metrics, name).map((value, index) => ((errors504[index] ?? 0) > 0 ? value : null));
  return sumOf(valuesIn(values, span));
}

/** `0.42 s`, `4.1 s`, `60 s`. */
export function secondsSaid(value: number): Phrase {
  return value < 10 ? phrase`${Math.round(value * 100) / 100} s` : phrase`${Math.round(value * 10) / 10} s`;
}
