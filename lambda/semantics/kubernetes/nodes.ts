import type { MetricsById, Target, TargetGroup, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { maxOf, minuteOf, within } from '../minutes.ts';
import { failsChecks } from '../targets.ts';
import { kubernetesNames } from './names.ts';

export interface NodeEvidence {
  readonly targetHealth: readonly Target[];
  readonly targetGroups: readonly TargetGroup[];
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly targetGroupMetrics: MetricsById<TargetGroupMetric> | undefined;
}

/** The hour before a fault, in minutes. */
const BASELINE = 60;

/**
 * Groups of instances that a load balancer controller keeps hold every node of the cluster. Where a service routes only to
 * pods on the same node (externalTrafficPolicy Local), nodes without such a pod fail their health checks by design. So
 * they may be here: some nodes serve, and as many failed before the fault as do now, or nobody knows.
 */
export function nodesFailByDesign(arn: string, begun: Time, evidence: NodeEvidence): boolean {
  const { targetHealth, targetGroups, tags, targetGroupMetrics } = evidence;
  const isNodes = targetGroups.some((group) => group.arn === arn && group.targetType === 'instance');
  if (!isNodes || kubernetesNames(tags[arn] ?? {}) === null) return false;
  const own = targetHealth.filter(({ targetGroup }) => targetGroup === arn);
  const failing = own.filter(failsChecks).length;
  if (failing === 0 || !own.some(({ state }) => state === 'healthy')) return false;
  const series = targetGroupMetrics?.of.find(({ id }) => id === arn)?.values['UnHealthyHostCount.max'];
  if (targetGroupMetrics === undefined || series === undefined) return true;
  const first = minuteOf(targetGroupMetrics.grid, begun);
  const before = maxOf(within(series, { first: first - BASELINE, last: first - 1 }));
  return before === null || before >= failing;
}
