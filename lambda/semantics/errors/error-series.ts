import { ERROR_KINDS, type ErrorKind } from '../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { memo } from '../memo.ts';
import { onceFor } from '../once-for.ts';
import { type Span, sumOf, sumOfSeries, valuesIn } from '../time/minutes.ts';

/**
 * The errors a load balancer answered with, minute by minute and kind by kind.
 *
 * CloudWatch sends no datapoint for an error count of zero, so a missing datapoint means zero, but only in minutes for
 * which this load balancer reported anything at all: before the first and after the last of them nothing is known.
 */
export type ErrorSeries = Readonly<Record<ErrorKind, Values>>;

type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** First and last minute with any datapoint of this load balancer; `null` where there is none. */
export const reportedRange = onceFor((metrics: LoadBalancerMetrics): Span | null => {
  let first = metrics.grid.minutes;
  let last = -1;
  for (const values of Object.values(metrics.values)) {
    values.forEach((value, index) => {
      if (value === null) return;
      first = Math.min(first, index);
      last = Math.max(last, index);
    });
  }
  return last < 0 ? null : { first, last };
});

/** A metric that is not sent when it is zero, with its zeros put back. */
export function withZeros(metrics: LoadBalancerMetrics, name: LoadBalancerMetric): Values {
  return zeroed(metrics)(name, () => {
    const range = reportedRange(metrics);
    const values = metrics.values[name];
    return Array.from({ length: metrics.grid.minutes }, (_, index) => {
      if (range === null || index < range.first || index > range.last) return null;
      return values?.[index] ?? 0;
    });
  });
}

const zeroed = onceFor((_: LoadBalancerMetrics) => memo<Values>());

/** How often it was counted in a span, as far as that was seen. */
export function countIn(metrics: LoadBalancerMetrics, name: LoadBalancerMetric, span: Span): number {
  return sumOf(valuesIn(withZeros(metrics, name), span)) ?? 0;
}

export const errorSeries = onceFor((metrics: LoadBalancerMetrics): ErrorSeries => {
  const codes = {
    '500': withZeros(metrics, 'HTTPCode_ELB_500_Count'),
    '502': withZeros(metrics, 'HTTPCode_ELB_502_Count'),
    '503': withZeros(metrics, 'HTTPCode_ELB_503_Count'),
    '504': withZeros(metrics, 'HTTPCode_ELB_504_Count'),
  };
  const named = sumOfSeries(codes['500'], codes['502'], codes['503'], codes['504']);
  // There are metrics for these four codes only: what the total holds beyond them is 501, 505, 507, 561, 562 or custom.
  const other5xx = withZeros(metrics, 'HTTPCode_ELB_5XX_Count').map((total, index) => {
    const known = named[index];
    return total === null || known === null || known === undefined ? null : Math.max(0, total - known);
  });
  return { ...codes, other5xx, target5xx: withZeros(metrics, 'HTTPCode_Target_5XX_Count') };
});

/** These kinds alone; of the others there were none. */
export function onlyKinds(errors: ErrorSeries, kinds: readonly ErrorKind[]): ErrorSeries {
  const none = (values: Values) => values.map((value) => (value === null ? null : 0));
  const entries = ERROR_KINDS.map((kind) => [kind, kinds.includes(kind) ? errors[kind] : none(errors[kind])] as const);
  // Every kind is among the entries.
  return Object.fromEntries(entries) as Record<ErrorKind, Values>;
}

/** The metrics of a load balancer as if it had counted these errors. */
export function withErrors(metrics: LoadBalancerMetrics, { target5xx, ...own }: ErrorSeries): LoadBalancerMetrics {
  const values = {
    ...metrics.values,
    HTTPCode_ELB_500_Count: own['500'],
    HTTPCode_ELB_502_Count: own['502'],
    HTTPCode_ELB_503_Count: own['503'],
    HTTPCode_ELB_504_Count: own['504'],
    HTTPCode_ELB_5XX_Count: sumOfSeries(...Object.values(own)),
    HTTPCode_Target_5XX_Count: target5xx,
  };
  return { ...metrics, values };
}

/** As the load balancer counts what it answers itself: there are metrics for four codes, all others are only in their total. */
export function kindOfCode(statusCode: string): ErrorKind | null {
  if (!statusCode.startsWith('5')) return null;
  return (['500', '502', '503', '504'] as const).find((known) => known === statusCode) ?? 'other5xx';
}

/** Target optimizer sends its metrics wherever it is in use. */
export function usesTargetOptimizer({ values }: LoadBalancerMetrics): boolean {
  return Object.keys(values).some((name) => name.startsWith('TargetControl'));
}

/**
 * The 503s that nothing else accounts for: neither target optimizer nor, where a rule answers 503 on purpose, the fixed
 * responses. Those of other codes are in the same count, so this may be too low, never too high: only as many as there
 * always are in minutes without a 503 are known to be none.
 */
export function ownErrors503(metrics: LoadBalancerMetrics, onPurpose: boolean): Values {
  const errors = withZeros(metrics, 'HTTPCode_ELB_503_Count');
  const fixed = withZeros(metrics, 'HTTP_Fixed_Response_Count');
  const rejected = withZeros(metrics, 'TargetControlRequestRejectCount');
  const without503 = fixed.flatMap((value, index) => (value !== null && errors[index] === 0 ? value : []));
  const ofOtherCodes = without503.length === 0 ? 0 : Math.min(...without503);
  return errors.map((value, index) => {
    if (value === null) return null;
    const answered = onPurpose ? Math.max(0, (fixed[index] ?? 0) - ofOtherCodes) : 0;
    return Math.max(0, value - answered - (rejected[index] ?? 0));
  });
}

export function allErrors(errors: ErrorSeries): Values {
  return sumOfSeries(...ERROR_KINDS.map((kind) => errors[kind]));
}

export function errorsOfKinds(errors: ErrorSeries, kinds: readonly ErrorKind[]): Values {
  const chosen = ERROR_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => errors[kind]);
  return chosen.length === 0 ? errors.target5xx.map(() => 0) : sumOfSeries(...chosen);
}

const SYMPTOM_METRICS: readonly LoadBalancerMetric[] = [
  'HTTPCode_ELB_5XX_Count',
  'HTTPCode_ELB_500_Count',
  'HTTPCode_ELB_502_Count',
  'HTTPCode_ELB_503_Count',
  'HTTPCode_ELB_504_Count',
  'HTTPCode_Target_5XX_Count',
];

/** Whether the metrics that tell errors were read whole: a failed query makes its zeros unknown. */
export function areSymptomsSeen(
  observed: Observed<LoadBalancerMetrics>,
): observed is Extract<typeof observed, { seen: true }> {
  if (!observed.seen) return false;
  return !observed.gaps.some(
    (gap) => gap.ids === undefined || gap.ids.some((id) => SYMPTOM_METRICS.some((name) => name === id)),
  );
}

const METRIC_OF = {
  '500': 'HTTPCode_ELB_500_Count',
  '502': 'HTTPCode_ELB_502_Count',
  '503': 'HTTPCode_ELB_503_Count',
  '504': 'HTTPCode_ELB_504_Count',
  other5xx: 'HTTPCode_ELB_5XX_Count',
  target5xx: 'HTTPCode_Target_5XX_Count',
} as const satisfies Readonly<Record<ErrorKind, LoadBalancerMetric>>;

/**
 * The kinds of which nobody knows how many there were, because their metric was not read. What the total holds beyond the
 * codes that were read is of any of these then, and of no code is it known; where it holds no more, there were none.
 */
export function uncountedKinds(missing: ReadonlySet<string>, errors: ErrorSeries, span: Span): ReadonlySet<ErrorKind> {
  const unread = ERROR_KINDS.filter((kind) => missing.has(METRIC_OF[kind]));
  const codes = unread.filter((kind) => kind !== 'target5xx');
  const remainder = sumOf(valuesIn(errors.other5xx, span)) ?? 0;
  const none = codes.length === 0 || (remainder === 0 && !codes.includes('other5xx'));
  const ofTargets = unread.filter((kind) => kind === 'target5xx');
  return new Set(none ? ofTargets : [...unread, 'other5xx']);
}
