import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsOfAllGroups } from './zones-and-groups.ts';

export const targetGroupMetrics = defineCollector({
  key: 'targetGroupMetrics',
  after: ['loadBalancer', 'targetGroups'],
  actions: [getMetricData.action],
  async collect(question, { loadBalancer, targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const metrics = await metricsOfAllGroups(question, loadBalancer, targetGroups.value, aws);
    return withGaps(metrics, targetGroups.gaps);
  },
});
