import type { LoadBalancerMetric, Metrics, MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { withZeros } from '../errors/error-series.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';

/** Counts that AWS gives for the load balancer as a whole and for each of its target groups. */
export type SharedCount = LoadBalancerMetric & TargetGroupMetric;

export interface GroupCounts {
  readonly metrics: Metrics<LoadBalancerMetric>;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
  /** The groups that get requests. */
  readonly routed: readonly string[];
}

/** Minute by minute, of all groups together; where AWS sent it only by group, the sum of those. */
export function countOfAll(name: SharedCount, { metrics, groupMetrics }: GroupCounts): Values {
  const byGroup = (groupMetrics?.of ?? []).flatMap(({ values }) => (values[name] === undefined ? [] : [values[name]]));
  if (metrics.values[name] !== undefined || byGroup.length === 0) return withZeros(metrics, name);
  // Put on the minutes in which the load balancer reported at all: of the others nothing is known.
  return withZeros(metrics, name).map((zero, minute) =>
    byGroup.reduce<number | null>((sum, values) => {
      const own = values[minute] ?? null;
      return own === null ? sum : (sum ?? 0) + own;
    }, zero),
  );
}

/**
 * Of one group in a span: its own count, or the load balancer's where no other group gets requests. AWS leaves out zeros,
 * so a group that reported its requests and not this has none of it. `null`: not known.
 */
export function groupCountOf(name: SharedCount, group: string, span: Span, counts: GroupCounts): number | null {
  const own = counts.groupMetrics?.of.find(({ id }) => id === group)?.values;
  if (own?.[name] !== undefined || own?.RequestCount !== undefined) return sumOf(valuesIn(own[name], span)) ?? 0;
  const alone = counts.routed.length === 1 && counts.routed[0] === group;
  return alone ? sumOf(valuesIn(withZeros(counts.metrics, name), span)) : null;
}

/** The groups whose own count is above zero in a span. */
export function groupsWith(name: SharedCount, span: Span, { groupMetrics }: GroupCounts): readonly string[] {
  return (groupMetrics?.of ?? [])
    .filter(({ values }) => (sumOf(valuesIn(values[name], span)) ?? 0) > 0)
    .map(({ id }) => id)
    .sort();
}
