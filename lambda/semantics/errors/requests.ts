import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import { onceFor } from '../once-for.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';
import { allErrors, errorSeries, reportedRange } from './error-series.ts';

/** What was asked of a load balancer, minute by minute, and what share of it failed. */

type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** Requests by minute; unseen where the load balancer never reported any: RequestCount is not sent without requests. */
export function requestSeries(metrics: LoadBalancerMetrics): Values {
  const values = metrics.values.RequestCount;
  const range = reportedRange(metrics);
  return Array.from({ length: metrics.grid.minutes }, (_, index) => {
    if (values === undefined || range === null || index < range.first || index > range.last) return null;
    return values[index] ?? 0;
  });
}

/** Requests by minute, with those that RequestCount leaves out. */
export const askedSeries = onceFor(
  (metrics: LoadBalancerMetrics): Values =>
    requestSeries(metrics).map((requests, index) =>
      requests === null ? null : asked(metrics, requests, { first: index, last: index }),
    ),
);

/** Errors among requests, 0 to 1; `null` where either was not seen. */
export function shareOfRequests(metrics: LoadBalancerMetrics, span: Span): number | null {
  const total = sumOf(valuesIn(allErrors(errorSeries(metrics)), span));
  const requests = sumOf(valuesIn(requestSeries(metrics), span));
  if (total === null || requests === null) return null;
  const of = asked(metrics, requests, span);
  return of === 0 ? (total === 0 ? 0 : 1) : Math.min(1, total / of);
}

/**
 * A request answered 503 because there is no target is not in RequestCount: such requests are added, as far as RequestCount
 * has no room for them beyond those that reached a target.
 */
function asked(metrics: LoadBalancerMetrics, requests: number, span: Span): number {
  const count = (name: LoadBalancerMetric): number => sumOf(valuesIn(metrics.values[name], span)) ?? 0;
  const reached = REACHED_A_TARGET.reduce((sum, name) => sum + count(name), 0);
  return requests + Math.max(0, count('HTTPCode_ELB_503_Count') - Math.max(0, requests - reached));
}

/** What a request is counted in that was sent to a target. */
export const REACHED_A_TARGET = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
  'HTTPCode_ELB_502_Count',
  'HTTPCode_ELB_504_Count',
] as const satisfies readonly LoadBalancerMetric[];
