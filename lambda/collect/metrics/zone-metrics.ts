import { ZONE_METRICS } from '../../incident/evidence/metrics.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById } from './metrics.ts';

export const zoneMetrics = defineCollector({
  key: 'zoneMetrics',
  after: ['loadBalancer'],
  actions: [getMetricData.action],
  async collect({ subject, at }, { loadBalancer }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the zones of the load balancer');
    const zones = loadBalancer.value.zones.map(({ zone }) => ({
      id: zone,
      dimensions: { LoadBalancer: subject.dimension, AvailabilityZone: zone },
    }));
    return metricsById(ZONE_METRICS, 'AWS/ApplicationELB', zones, at, aws);
  },
});
