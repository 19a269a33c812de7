import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import { withZeros } from '../errors/error-series.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';

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
