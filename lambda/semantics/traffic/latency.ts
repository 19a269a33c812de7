import type { LoadBalancerMetric, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { maxOf, type Span, valuesIn } from '../time/minutes.ts';

/** How long targets took to answer, by minute. */
export type AnswerTimes = Readonly<Partial<Record<TargetGroupMetric | LoadBalancerMetric, Values>>>;

/** The slowest answers in a span, in seconds: the maximum where AWS sent it, else the 99th percentile. */
export function slowestAnswer(times: AnswerTimes, span: Span): number | null {
  const most = maxOf(valuesIn(times['TargetResponseTime.max'], span));
  const p99 = maxOf(valuesIn(times['TargetResponseTime.p99'], span));
  return most === null ? p99 : Math.max(most, p99 ?? 0);
}
