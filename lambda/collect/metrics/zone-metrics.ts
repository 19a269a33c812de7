import { defineCollector, unseenLike } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsOfZones } from './zones-and-groups.ts';

export const zoneMetrics = defineCollector({
  key: 'zoneMetrics',
  after: ['loadBalancer', 'targetGroups'],
  actions: [getMetricData.action],
  async collect(question, { loadBalancer, targetGroups }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the zones of the load balancer');
    return metricsOfZones(question, loadBalancer.value, targetGroups, aws);
  },
});
