import { TARGET_GROUP_METRICS } from '../../incident/evidence/metrics.ts';
import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById } from './metrics.ts';

export const targetGroupMetrics = defineCollector({
  key: 'targetGroupMetrics',
  after: ['targetGroups'],
  actions: [getMetricData.action],
  async collect({ subject, at }, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const groups = targetGroups.value.map(({ arn }) => ({
      id: arn,
      dimensions: { LoadBalancer: subject.dimension, TargetGroup: arn.slice(arn.lastIndexOf(':') + 1) },
    }));
    const metrics = await metricsById(TARGET_GROUP_METRICS, 'AWS/ApplicationELB', groups, at, aws);
    return withGaps(metrics, targetGroups.gaps);
  },
});
