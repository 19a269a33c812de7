import type { TargetGroupMetric } from '../../incident/evidence.ts';
import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById, type Statistics } from './metrics.ts';

/** The nodes of a load balancer check and count each for itself: the sum of their host counts means nothing. */
const STATISTICS: Statistics<TargetGroupMetric> = {
  RequestCount: ['RequestCount', 'Sum'],
  HTTPCode_Target_2XX_Count: ['HTTPCode_Target_2XX_Count', 'Sum'],
  HTTPCode_Target_3XX_Count: ['HTTPCode_Target_3XX_Count', 'Sum'],
  HTTPCode_Target_4XX_Count: ['HTTPCode_Target_4XX_Count', 'Sum'],
  HTTPCode_Target_5XX_Count: ['HTTPCode_Target_5XX_Count', 'Sum'],
  TargetConnectionErrorCount: ['TargetConnectionErrorCount', 'Sum'],
  TargetTLSNegotiationErrorCount: ['TargetTLSNegotiationErrorCount', 'Sum'],
  'TargetResponseTime.p50': ['TargetResponseTime', 'p50'],
  'TargetResponseTime.p99': ['TargetResponseTime', 'p99'],
  'TargetResponseTime.max': ['TargetResponseTime', 'Maximum'],
  'HealthyHostCount.min': ['HealthyHostCount', 'Minimum'],
  'UnHealthyHostCount.max': ['UnHealthyHostCount', 'Maximum'],
  RequestCountPerTarget: ['RequestCountPerTarget', 'Sum'],
  UnhealthyRoutingRequestCount: ['UnhealthyRoutingRequestCount', 'Sum'],
  'AnomalousHostCount.max': ['AnomalousHostCount', 'Maximum'],
  'ActiveZonalShiftHostCount.max': ['ActiveZonalShiftHostCount', 'Maximum'],
  LambdaUserError: ['LambdaUserError', 'Sum'],
  LambdaInternalError: ['LambdaInternalError', 'Sum'],
};

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
    const metrics = await metricsById(STATISTICS, 'AWS/ApplicationELB', groups, at, aws);
    return withGaps(metrics, targetGroups.gaps);
  },
});
