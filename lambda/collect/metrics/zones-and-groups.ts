import {
  TARGET_GROUP_METRICS,
  type TargetGroupMetric,
  ZONE_METRICS,
  type ZoneMetric,
} from '../../incident/evidence/metrics.ts';
import type { LoadBalancer, MetricsById, TargetGroup } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import type { Aws } from '../aws.ts';
import { type Measured, metricsById, metricsOfBoth } from './metrics.ts';

/** Of more groups than these, their metrics tell which to look at: they are asked for at once, and nothing else with them. */
const FEW_GROUPS = 12;

/** In one call with those of the groups, where these are few. */
export async function metricsOfZones(
  question: Question,
  { zones }: LoadBalancer,
  targetGroups: Observed<readonly TargetGroup[]>,
  aws: Aws,
): Promise<Observed<MetricsById<ZoneMetric>>> {
  const groups = ifSeen(targetGroups) ?? [];
  if (areFewGroups(groups)) return (await metricsOfBothIn(question, zones, groups, aws))[1];
  const { statistics, namespace, things } = zonesOf(question.subject.dimension, zones);
  return metricsById(statistics, namespace, things, question.at, aws);
}

/** In one call with those of the zones, where the groups are few. */
export async function metricsOfAllGroups(
  question: Question,
  loadBalancer: Observed<LoadBalancer>,
  groups: readonly TargetGroup[],
  aws: Aws,
): Promise<Observed<MetricsById<TargetGroupMetric>>> {
  if (!areFewGroups(groups)) return metricsOfGroups(question, groups, aws);
  return (await metricsOfBothIn(question, ifSeen(loadBalancer)?.zones ?? [], groups, aws))[0];
}

export function areFewGroups(groups: readonly unknown[]): boolean {
  return groups.length <= FEW_GROUPS;
}

function metricsOfBothIn(
  { subject, at }: Question,
  zones: LoadBalancer['zones'],
  groups: readonly TargetGroup[],
  aws: Aws,
) {
  const { dimension } = subject;
  return aws.once('target group and zone metrics', () =>
    metricsOfBoth(groupsOf(dimension, groups), zonesOf(dimension, zones), at, aws),
  );
}

/** Read once in a session: of many groups, they tell which to look at. */
export function metricsOfGroups(
  { subject, at }: Question,
  targetGroups: readonly TargetGroup[],
  aws: Aws,
): Promise<Observed<MetricsById<TargetGroupMetric>>> {
  const { statistics, namespace, things } = groupsOf(subject.dimension, targetGroups);
  return aws.once('target group metrics', () => metricsById(statistics, namespace, things, at, aws));
}

function zonesOf(LoadBalancer: string, zones: LoadBalancer['zones']): Measured<ZoneMetric> {
  const things = zones.map(({ zone }) => ({ id: zone, dimensions: { LoadBalancer, AvailabilityZone: zone } }));
  return { statistics: ZONE_METRICS, namespace: 'AWS/ApplicationELB', things };
}

function groupsOf(LoadBalancer: string, groups: readonly TargetGroup[]): Measured<TargetGroupMetric> {
  const things = groups.map(({ arn }) => ({
    id: arn,
    dimensions: { LoadBalancer, TargetGroup: arn.slice(arn.lastIndexOf(':') + 1) },
  }));
  return { statistics: TARGET_GROUP_METRICS, namespace: 'AWS/ApplicationELB', things };
}
