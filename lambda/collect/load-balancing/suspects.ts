import type { TargetGroupMetric } from '../../incident/evidence/metrics.ts';
import { sortedBy } from '../../incident/evidence/order.ts';
import type { MetricsById, TargetGroup } from '../../incident/evidence.ts';
import type { Gap } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import { maxOf, seenValues, sumOf } from '../../semantics/time/minutes.ts';
import type { Aws } from '../aws.ts';
import { CallFailed } from '../errors.ts';
import { areFewGroups, metricsOfGroups } from '../metrics/zones-and-groups.ts';

/** Each group is two calls to the scarcest of AWS's APIs, which the customer's own tools need, too. */
const ILL_AT_MOST = 25;
/** Of many groups, where fewer look ill: the busiest, to compare. */
const AT_LEAST = 8;

interface Suspects {
  readonly arns: readonly string[];
  /** The rest. */
  readonly gaps: readonly Gap[];
}

/** The groups to look at: all of a few; of many those whose metrics show that something is wrong, then the busiest. */
export async function suspectsAmong(groups: readonly TargetGroup[], question: Question, aws: Aws): Promise<Suspects> {
  const arns = groups.map(({ arn }) => arn);
  if (areFewGroups(groups)) return { arns, gaps: [] };
  const metrics = await metricsOfGroups(question, groups, aws).catch(unknown);
  // Where nothing tells them apart, more of them have to be looked at.
  const { ranked, ill } = metrics?.seen ? bySuspicion(arns, metrics.value) : { ranked: arns, ill: arns.length };
  const many = Math.min(Math.max(ill, AT_LEAST), ILL_AT_MOST);
  const beyond = ranked.slice(many);
  const detail = `the load balancer has ${arns.length} target groups: the ${many} whose metrics look worst were asked about`;
  return {
    arns: ranked.slice(0, many),
    gaps: beyond.length === 0 ? [] : [{ why: 'not-asked', detail, ids: beyond }],
  };
}

function unknown(error: unknown): undefined {
  if (!(error instanceof CallFailed)) throw error;
}

const ANSWERS = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
] as const satisfies readonly TargetGroupMetric[];
/** Clients leave, and a minute's answers may be to the requests of the one before. */
const UNANSWERED_SHARE = 0.05;

interface Ranking {
  readonly ranked: readonly string[];
  /** How many of them, from the first on, look ill. */
  readonly ill: number;
}

function bySuspicion(arns: readonly string[], metrics: MetricsById<TargetGroupMetric>): Ranking {
  const values = new Map(metrics.of.map((one) => [one.id, one.values]));
  const most = (arn: string, name: TargetGroupMetric): number => maxOf(values.get(arn)?.[name] ?? []) ?? 0;
  const total = (arn: string, name: TargetGroupMetric): number => sumOf(values.get(arn)?.[name] ?? []) ?? 0;
  const isEmpty = (arn: string): boolean => {
    const healthy = seenValues(values.get(arn)?.['HealthyHostCount.min'] ?? []);
    // A group without a target reports none at all.
    return healthy.length === 0 || healthy.some((count) => count === 0);
  };
  const errors = (arn: string): number =>
    total(arn, 'TargetConnectionErrorCount') +
    total(arn, 'TargetTLSNegotiationErrorCount') +
    total(arn, 'HTTPCode_Target_5XX_Count');
  const unanswered = (arn: string): number =>
    total(arn, 'RequestCount') - ANSWERS.reduce((sum, name) => sum + total(arn, name), 0);
  const isSilent = (arn: string): boolean => unanswered(arn) > total(arn, 'RequestCount') * UNANSWERED_SHARE;
  const isIll = (arn: string): boolean =>
    isEmpty(arn) || most(arn, 'UnHealthyHostCount.max') > 0 || errors(arn) > 0 || isSilent(arn);
  const ranked = sortedBy(arns, (arn) => [isIll(arn) ? 0 : 1, -errors(arn), -total(arn, 'RequestCount'), arn]);
  return { ranked, ill: arns.filter(isIll).length };
}
