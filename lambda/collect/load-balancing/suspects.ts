import type { TargetGroupMetric } from '../../incident/evidence/metrics.ts';
import { sortedBy } from '../../incident/evidence/order.ts';
import type { MetricsById, TargetGroup } from '../../incident/evidence.ts';
import type { Gap } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import { maxOf, seenValues, sumOf } from '../../semantics/time/minutes.ts';
import type { Aws } from '../aws.ts';
import { CallFailed } from '../errors.ts';
import { metricsOfGroups } from '../metrics/target-group-metrics.ts';

/** Each group is two calls to the scarcest of AWS's APIs, which the customer's own tools need, too. */
const GROUPS_AT_MOST = 25;

interface Suspects {
  readonly arns: readonly string[];
  /** The rest. */
  readonly gaps: readonly Gap[];
}

/** The groups to look at: all of a few; of many those whose metrics show that something is wrong, then the busiest. */
export async function suspectsAmong(groups: readonly TargetGroup[], question: Question, aws: Aws): Promise<Suspects> {
  const arns = groups.map(({ arn }) => arn);
  if (arns.length <= GROUPS_AT_MOST) return { arns, gaps: [] };
  const metrics = await metricsOfGroups(question, groups, aws).catch(unknown);
  const ranked = metrics?.seen ? bySuspicion(arns, metrics.value) : arns;
  const detail = `the load balancer has ${arns.length} target groups: the ${GROUPS_AT_MOST} whose metrics look worst were asked about`;
  return {
    arns: ranked.slice(0, GROUPS_AT_MOST),
    gaps: [{ why: 'not-asked', detail, ids: ranked.slice(GROUPS_AT_MOST) }],
  };
}

function unknown(error: unknown): undefined {
  if (!(error instanceof CallFailed)) throw error;
}

function bySuspicion(arns: readonly string[], metrics: MetricsById<TargetGroupMetric>): readonly string[] {
  const values = new Map(metrics.of.map((one) => [one.id, one.values]));
  const most = (arn: string, name: TargetGroupMetric): number => maxOf(values.get(arn)?.[name] ?? []) ?? 0;
  const total = (arn: string, name: TargetGroupMetric): number => sumOf(values.get(arn)?.[name] ?? []) ?? 0;
  const isEmpty = (arn: string): boolean =>
    seenValues(values.get(arn)?.['HealthyHostCount.min'] ?? []).some((count) => count === 0);
  const errors = (arn: string): number =>
    total(arn, 'TargetConnectionErrorCount') +
    total(arn, 'TargetTLSNegotiationErrorCount') +
    total(arn, 'HTTPCode_Target_5XX_Count');
  const isIll = (arn: string): boolean => isEmpty(arn) || most(arn, 'UnHealthyHostCount.max') > 0 || errors(arn) > 0;
  return sortedBy(arns, (arn) => [isIll(arn) ? 0 : 1, -errors(arn), -total(arn, 'RequestCount'), arn]);
}
