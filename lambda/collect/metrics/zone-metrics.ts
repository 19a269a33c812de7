import type { ZoneMetric } from '../../incident/evidence.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById, type Statistics } from './metrics.ts';

const STATISTICS: Statistics<ZoneMetric> = {
  RequestCount: ['RequestCount', 'Sum'],
  HTTPCode_ELB_5XX_Count: ['HTTPCode_ELB_5XX_Count', 'Sum'],
  HTTPCode_ELB_502_Count: ['HTTPCode_ELB_502_Count', 'Sum'],
  HTTPCode_ELB_503_Count: ['HTTPCode_ELB_503_Count', 'Sum'],
  HTTPCode_ELB_504_Count: ['HTTPCode_ELB_504_Count', 'Sum'],
  HTTPCode_Target_5XX_Count: ['HTTPCode_Target_5XX_Count', 'Sum'],
};

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
    return metricsById(STATISTICS, 'AWS/ApplicationELB', zones, at, aws);
  },
});
