import { ERROR_KINDS, type ErrorKind } from '../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, MetricsById, Target, TargetGroupMetric } from '../../incident/evidence.ts';
import { groupBy } from '../group-by.ts';
import { isUsable, targetsOf } from '../targets/targets.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';
import { TARGET_ANSWERS } from '../traffic/target-traffic.ts';
import { errorSeries, ownErrors503 } from './error-series.ts';

/**
 * Which target groups the errors come from. `HTTPCode_ELB_*` have no TargetGroup dimension, so this is worked out from
 * the metrics that do, as far as it goes: what a group's targets did not answer, its own 5xx, and which group is empty.
 */
export interface Attribution {
  /**
   * How many errors of these kinds come from these groups, at most: where AWS does not tell, all may. What a group's targets
   * did not answer became 502 or 504, and nobody counts which: all of it may be of one kind.
   */
  errorsFrom(kinds: readonly ErrorKind[], targetGroups: readonly string[]): number;
  /** By what they are told apart, in words, for a kind; `null` where AWS does not tell. */
  by(kind: ErrorKind): string | null;
}

export interface AttributionEvidence {
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

interface Basis {
  readonly of: ReadonlyMap<string, number>;
  readonly says: string;
}

export function attribute(known: AttributionEvidence): Attribution {
  const atTarget = unanswered(known) ?? failed(known);
  const basis: Readonly<Record<ErrorKind, Basis | null>> = {
    // Authentication and AWS WAF come before a target group is chosen.
    '500': null,
    other5xx: null,
    '502': atTarget,
    '503': empty(known),
    '504': atTarget,
    target5xx: answered5xx(known),
  };
  return {
    by: (kind) => basis[kind]?.says ?? null,
    errorsFrom(kinds, targetGroups) {
      return added(
        groupBy(kinds, (kind) => basis[kind]?.says ?? '').map((same) => {
          const count = countOf(same, known);
          const told = basis[same[0]];
          if (told === null) return targetGroups.some((arn) => known.routed.includes(arn)) ? count : 0;
          const alike = ERROR_KINDS.filter((kind) => basis[kind] === told);
          return Math.min(count, shareOf(told, targetGroups) * countOf(alike, known));
        }),
      );
    },
  };
}

function shareOf({ of }: Basis, targetGroups: readonly string[]): number {
  const total = added([...of.values()]);
  return total === 0 ? 0 : added(targetGroups.map((arn) => of.get(arn) ?? 0)) / total;
}

function countOf(kinds: readonly ErrorKind[], { metrics, span }: AttributionEvidence): number {
  const errors = errorSeries(metrics);
  return added(kinds.map((kind) => sumOf(valuesIn(errors[kind], span)) ?? 0));
}

function added(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** Each group's own count of 5xx by its targets. */
function answered5xx(known: AttributionEvidence): Basis | null {
  const of = byGroup(known, ['HTTPCode_Target_5XX_Count']);
  return accountsFor(['target5xx'], of, known) ? { of, says: "each target group's own count of 5xx" } : null;
}

/** Requests that were sent to a group and not answered by its targets became 502 or 504. */
function unanswered(known: AttributionEvidence): Basis | null {
  const requests = byGroup(known, ['RequestCount']);
  const answers = byGroup(known, TARGET_ANSWERS);
  const of = new Map([...requests].map(([id, sent]) => [id, Math.max(0, sent - (answers.get(id) ?? 0))]));
  return accountsFor(['502', '504'], of, known)
    ? { of, says: 'the requests that the targets of each group did not answer' }
    : null;
}

/** Where answers are not told by group, what failed on the way to one may be. */
function failed(known: AttributionEvidence): Basis | null {
  const of = byGroup(known, FAILURES);
  return accountsFor(['502', '504'], of, known)
    ? { of, says: 'the connections, handshakes and invocations that failed in each target group' }
    : null;
}

const FAILURES = [
  'TargetConnectionErrorCount',
  'TargetTLSNegotiationErrorCount',
  'LambdaUserError',
  'LambdaInternalError',
] as const;

function byGroup(
  { groupMetrics, span }: AttributionEvidence,
  names: readonly TargetGroupMetric[],
): ReadonlyMap<string, number> {
  return new Map(
    (groupMetrics?.of ?? []).map(({ id, values }) => [
      id,
      added(names.map((name) => sumOf(valuesIn(values[name], span)) ?? 0)),
    ]),
  );
}

/** Trusted only where it is about as much as the load balancer counted: otherwise some metric is missing. */
function accountsFor(
  kinds: readonly ErrorKind[],
  of: ReadonlyMap<string, number>,
  known: AttributionEvidence,
): boolean {
  const counted = countOf(kinds, known);
  const total = added([...of.values()]);
  return counted > 0 && total >= 0.5 * counted && total <= 2 * counted;
}

/**
 * A 503 of the load balancer's own comes from a group in which nothing can take the request, unless a rule answers it on
 * purpose or target optimizer rejects it: those are counted, and taken off first. Requests to an empty group are counted
 * nowhere: of two such groups, nobody can tell which got more.
 */
function empty({ metrics, routed, onPurpose503, targets, unseenGroups, span }: AttributionEvidence): Basis | null {
  if (targets === undefined) return null;
  const groups = routed.filter((arn) => !unseenGroups.has(arn) && !targetsOf(targets, arn).some(isUsable));
  if (groups.length === 0) return null;
  const own = sumOf(valuesIn(ownErrors503(metrics, onPurpose503), span)) ?? 0;
  const all = sumOf(valuesIn(errorSeries(metrics)['503'], span)) ?? 0;
  return {
    of: new Map([...groups.map((arn) => [arn, own / groups.length] as const), [ELSEWHERE, all - own]]),
    says: `which target groups have no usable target${groups.length > 1 ? ', in equal parts' : ''}`,
  };
}

const ELSEWHERE = 'elsewhere';
