import type { MetricsById, Target, TargetGroup, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { failsChecks, targetsOf } from '../targets/targets.ts';
import { levelIn, maxOf, minuteOf, valuesIn } from '../time/minutes.ts';
import { kubernetesNames } from './controller-tags.ts';

export interface NodeEvidence {
  readonly targetHealth: readonly Target[];
  readonly targetGroups: readonly TargetGroup[];
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly targetGroupMetrics: MetricsById<TargetGroupMetric> | undefined;
}

/** The hour before a fault, in minutes. */
const BASELINE = 60;

/** Some nodes of a cluster fail their checks while others serve. */
export interface FailingNodes {
  readonly failing: number;
  readonly of: number;
  /** How many failed at most in the hour before the fault; `null`: not seen. */
  readonly before: number | null;
}

/**
 * Groups of instances that a load balancer controller keeps hold every node of the cluster. Where a service routes only to
 * pods on the same node (externalTrafficPolicy Local), nodes without such a pod fail their health checks by design. So
 * they may here: some nodes serve, and as many failed before the fault as do now, or nobody knows. `null` where not.
 */
export function nodesFailingByDesign(arn: string, begun: Time, evidence: NodeEvidence): FailingNodes | null {
  const { targetHealth, targetGroups, tags, targetGroupMetrics } = evidence;
  const isNodes = targetGroups.some((group) => group.arn === arn && group.targetType === 'instance');
  if (!isNodes || kubernetesNames(tags[arn] ?? {}) === null) return null;
  const own = targetsOf(targetHealth, arn);
  const failing = own.filter(failsChecks).length;
  if (failing === 0 || !own.some(({ state }) => state === 'healthy')) return null;
  const before = targetGroupMetrics === undefined ? null : failedBefore(arn, begun, targetGroupMetrics);
  return before !== null && before < failing ? null : { failing, of: own.length, before };
}

function failedBefore(arn: string, begun: Time, { grid, of }: MetricsById<TargetGroupMetric>): number | null {
  const series = of.find(({ id }) => id === arn)?.values['UnHealthyHostCount.max'];
  const first = minuteOf(grid, begun);
  const before = { first: first - BASELINE, last: first - 1 };
  return levelIn(series, before) === null ? null : maxOf(valuesIn(series, before));
}
