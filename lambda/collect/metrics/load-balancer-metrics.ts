import { LOAD_BALANCER_METRICS } from '../../incident/evidence/metrics.ts';
import { defineCollector } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsOf } from './metrics.ts';

export const loadBalancerMetrics = defineCollector({
  key: 'loadBalancerMetrics',
  after: [],
  actions: [getMetricData.action],
  collect: ({ subject, at }, _earlier, aws) =>
    metricsOf(LOAD_BALANCER_METRICS, 'AWS/ApplicationELB', { LoadBalancer: subject.dimension }, at, aws),
});
