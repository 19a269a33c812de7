import type { LoadBalancerMetric } from '../../incident/evidence.ts';
import { defineCollector } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsOf, type Statistics } from './metrics.ts';

const STATISTICS: Statistics<LoadBalancerMetric> = {
  RequestCount: ['RequestCount', 'Sum'],
  HTTPCode_ELB_4XX_Count: ['HTTPCode_ELB_4XX_Count', 'Sum'],
  HTTPCode_ELB_5XX_Count: ['HTTPCode_ELB_5XX_Count', 'Sum'],
  HTTPCode_ELB_500_Count: ['HTTPCode_ELB_500_Count', 'Sum'],
  HTTPCode_ELB_502_Count: ['HTTPCode_ELB_502_Count', 'Sum'],
  HTTPCode_ELB_503_Count: ['HTTPCode_ELB_503_Count', 'Sum'],
  HTTPCode_ELB_504_Count: ['HTTPCode_ELB_504_Count', 'Sum'],
  HTTPCode_Target_2XX_Count: ['HTTPCode_Target_2XX_Count', 'Sum'],
  HTTPCode_Target_3XX_Count: ['HTTPCode_Target_3XX_Count', 'Sum'],
  HTTPCode_Target_4XX_Count: ['HTTPCode_Target_4XX_Count', 'Sum'],
  HTTPCode_Target_5XX_Count: ['HTTPCode_Target_5XX_Count', 'Sum'],
  TargetConnectionErrorCount: ['TargetConnectionErrorCount', 'Sum'],
  TargetTLSNegotiationErrorCount: ['TargetTLSNegotiationErrorCount', 'Sum'],
  'TargetResponseTime.p50': ['TargetResponseTime', 'p50'],
  'TargetResponseTime.p99': ['TargetResponseTime', 'p99'],
  'TargetResponseTime.max': ['TargetResponseTime', 'Maximum'],
  HTTP_Fixed_Response_Count: ['HTTP_Fixed_Response_Count', 'Sum'],
  RejectedConnectionCount: ['RejectedConnectionCount', 'Sum'],
  ActiveConnectionCount: ['ActiveConnectionCount', 'Sum'],
  NewConnectionCount: ['NewConnectionCount', 'Sum'],
  ConsumedLCUs: ['ConsumedLCUs', 'Sum'],
  CapacityUtilization: ['CapacityUtilization', 'Maximum'],
  ELBAuthError: ['ELBAuthError', 'Sum'],
  ELBAuthFailure: ['ELBAuthFailure', 'Sum'],
  ELBAuthUserClaimsSizeExceeded: ['ELBAuthUserClaimsSizeExceeded', 'Sum'],
  TargetControlRequestRejectCount: ['TargetControlRequestRejectCount', 'Sum'],
  TargetControlChannelErrorCount: ['TargetControlChannelErrorCount', 'Sum'],
  TargetControlActiveChannelCount: ['TargetControlActiveChannelCount', 'Sum'],
};

export const loadBalancerMetrics = defineCollector({
  key: 'loadBalancerMetrics',
  after: [],
  actions: [getMetricData.action],
  collect: ({ subject, at }, _earlier, aws) =>
    metricsOf(STATISTICS, 'AWS/ApplicationELB', { LoadBalancer: subject.dimension }, at, aws),
});
