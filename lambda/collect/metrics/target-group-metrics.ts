import { TARGET_GROUP_METRICS, type TargetGroupMetric } from '../../incident/evidence/metrics.ts';
import type { MetricsById, TargetGroup } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import type { Aws } from '../aws.ts';
import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById } from './metrics.ts';

export const targetGroupMetrics = defineCollector({
  key: 'targetGroupMetrics',
  after: ['targetGroups'],
  actions: [getMetricData.action],
  async collect(question, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    return withGaps(await metricsOfGroups(question, targetGroups.value, aws), targetGroups.gaps);
  },
});

/** Read once in a session: of many groups, they tell which to look at. */
export function metricsOfGroups(
  { subject, at }: Question,
  targetGroups: readonly TargetGroup[],
  aws: Aws,
): Promise<Observed<MetricsById<TargetGroupMetric>>> {
  const groups = targetGroups.map(({ arn }) => ({
    id: arn,
    dimensions: { LoadBalancer: subject.dimension, TargetGroup: arn.slice(arn.lastIndexOf(':') + 1) },
  }));
  return aws.once('target group metrics', () =>
    metricsById(TARGET_GROUP_METRICS, 'AWS/ApplicationELB', groups, at, aws),
  );
}
