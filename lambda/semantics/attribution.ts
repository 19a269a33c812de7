import type { ErrorKind } from '../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, MetricsById, Target, TargetGroupMetric } from '../incident/evidence.ts';
import { errorSeries, ownErrors503 } from './errors.ts';
import { type Span, sumOf, within } from './minutes.ts';
import { targetsOf, usable } from './targets.ts';

/**
 * Which target groups the errors come from. `HTTPCode_ELB_*` have no TargetGroup dimension, so this is worked out from
 * the metrics that do, as far as it goes: what a group's targets did not answer, its own 5xx, and which group is empty.
 */
export interface Attribution {
  /** The share of the errors of a kind that come from these groups, 0 to 1. */
  shareFrom(kind: ErrorKind, targetGroups: readonly string[]): number;
  /** In words, how it was worked out, for a kind. */
  readonly how: Readonly<Record<ErrorKind, string>>;
}

interface Known {
  readonly metrics: Metrics<LoadBalancerMetric>;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
  readonly routed: readonly string[];
  /** Whether a rule answers 503 on purpose. */
  readonly onPurpose503: boolean;
  readonly targets: readonly Target[] | undefined;
  /** Groups whose health could not be read: not empty, but not known. */
  readonly unseenGroups: ReadonlySet<string>;
  readonly span: Span;
}

type ByGroup = ReadonlyMap<string, number>;

export function attribute(known: Known): Attribution {
  const byTarget5xx = target5xxByGroup(known);
  const unanswered = unansweredByGroup(known);
  const empty = emptyGroups(known);
  const basis = (kind: ErrorKind): { by: ByGroup | null; how: string } => {
    if (kind === 'target5xx') return { by: byTarget5xx, how: "the groups' own 5xx counts" };
    if (kind === '503') return { by: empty, how: 'which groups have no usable target' };
    return { by: unanswered, how: 'the requests of each group that its targets did not answer' };
  };
  return {
    shareFrom(kind, targetGroups) {
      const { by } = basis(kind);
      if (by === null) return targetGroups.some((arn) => known.routed.includes(arn)) ? 1 : 0;
      const total = [...by.values()].reduce((sum, value) => sum + value, 0);
      const theirs = targetGroups.reduce((sum, arn) => sum + (by.get(arn) ?? 0), 0);
      return total === 0 ? 0 : theirs / total;
    },
    how: {
      '500': tell('500'),
      '502': tell('502'),
      '503': tell('503'),
      '504': tell('504'),
      other5xx: tell('other5xx'),
      target5xx: tell('target5xx'),
    },
  };

  function tell(kind: ErrorKind): string {
    if (known.routed.length <= 1) return 'only one group gets requests';
    const { by, how } = basis(kind);
    return by === null ? 'not known: AWS does not tell these errors apart by target group' : how;
  }
}

function target5xxByGroup({ groupMetrics, span }: Known): ByGroup | null {
  const groups = groupMetrics?.of.map(
    ({ id, values }) => [id, sumOf(within(values.HTTPCode_Target_5XX_Count, span)) ?? 0] as const,
  );
  return groups?.some(([, errors]) => errors > 0) ? new Map(groups) : null;
}

/**
 * Requests that were sent to a group and not answered by its targets became 500, 502 or 504. Trusted only where it
 * accounts for about as many as the load balancer counted: otherwise some metric is missing.
 */
function unansweredByGroup({ metrics, groupMetrics, span }: Known): ByGroup | null {
  if (groupMetrics === undefined) return null;
  const groups = groupMetrics.of.map(({ id, values }) => {
    const requests = sumOf(within(values.RequestCount, span)) ?? 0;
    const answered = ANSWERS.reduce((sum, name) => sum + (sumOf(within(values[name], span)) ?? 0), 0);
    return [id, Math.max(0, requests - answered)] as const;
  });
  const errors = errorSeries(metrics);
  const counted = (['500', '502', '504'] as const).reduce(
    (sum, kind) => sum + (sumOf(within(errors[kind], span)) ?? 0),
    0,
  );
  const total = groups.reduce((sum, [, unanswered]) => sum + unanswered, 0);
  return counted > 0 && total >= 0.5 * counted && total <= 2 * counted ? new Map(groups) : null;
}

const ANSWERS = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
] as const;

/**
 * A 503 of the load balancer's own comes from a group in which nothing can take the request, unless a rule answers it on
 * purpose or target optimizer rejects it: those are counted, and taken off first.
 */
function emptyGroups({ metrics, routed, onPurpose503, targets, unseenGroups, span }: Known): ByGroup | null {
  if (targets === undefined) return null;
  const empty = routed.filter((arn) => !unseenGroups.has(arn) && !targetsOf(targets, arn).some(usable));
  const own = sumOf(within(ownErrors503(metrics, onPurpose503), span)) ?? 0;
  const all = sumOf(within(errorSeries(metrics)['503'], span)) ?? 0;
  if (empty.length === 0) return null;
  return new Map([...empty.map((arn) => [arn, own / empty.length] as const), [ELSEWHERE, all - own]]);
}

const ELSEWHERE = 'elsewhere';
