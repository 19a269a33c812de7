import type { LoadBalancerMetric, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { maxOf, type Span, valuesIn } from '../time/minutes.ts';

/** The slowest answers in a span, in seconds: the maximum where AWS sent it, else the 99th percentile. */
export function slowestAnswer(
  values: Readonly<Partial<Record<TargetGroupMetric | LoadBalancerMetric, Values>>>,
  span: Span,
): number | null {
  const most = maxOf(valuesIn(values['TargetResponseTime.max'], span));
  const p99 = maxOf(valuesIn(values['TargetResponseTime.p99'], span));
  return most === null ? p99 : Math.max(most, p99 ?? 0);
}
