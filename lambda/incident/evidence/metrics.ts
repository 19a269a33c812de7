import type { Time } from '../text.ts';

/** One value a minute, oldest first; `null` where AWS sent no datapoint. All series of a snapshot share one grid. */
export type Values = readonly (number | null)[];

export interface Grid {
  /** Start of the first minute. */
  readonly from: Time;
  readonly minutes: number;
}

/** Metrics that AWS sent no datapoint for in the whole span are left out; one that could not be read is a gap. */
export interface Metrics<Name extends string> {
  readonly grid: Grid;
  readonly values: Readonly<Partial<Record<Name, Values>>>;
}

export interface MetricsById<Name extends string> {
  readonly grid: Grid;
  readonly of: readonly { readonly id: string; readonly values: Readonly<Partial<Record<Name, Values>>> }[];
}

export type LoadBalancerMetric =
  | 'RequestCount'
  | 'HTTPCode_ELB_4XX_Count'
  | 'HTTPCode_ELB_5XX_Count'
  | 'HTTPCode_ELB_500_Count'
  | 'HTTPCode_ELB_502_Count'
  | 'HTTPCode_ELB_503_Count'
  | 'HTTPCode_ELB_504_Count'
  | 'HTTPCode_Target_2XX_Count'
  | 'HTTPCode_Target_3XX_Count'
  | 'HTTPCode_Target_4XX_Count'
  | 'HTTPCode_Target_5XX_Count'
  | 'TargetConnectionErrorCount'
  | 'TargetTLSNegotiationErrorCount'
  | 'TargetResponseTime.p50'
  | 'TargetResponseTime.p99'
  | 'TargetResponseTime.max'
  | 'HTTP_Fixed_Response_Count'
  | 'RejectedConnectionCount'
  | 'ActiveConnectionCount'
  | 'NewConnectionCount'
  | 'ConsumedLCUs'
  | 'CapacityUtilization'
  | 'ELBAuthError'
  | 'ELBAuthFailure'
  | 'ELBAuthUserClaimsSizeExceeded'
  | 'TargetControlRequestRejectCount'
  | 'TargetControlChannelErrorCount'
  | 'TargetControlActiveChannelCount';

export type ZoneMetric =
  | 'RequestCount'
  | 'HTTPCode_ELB_5XX_Count'
  | 'HTTPCode_ELB_502_Count'
  | 'HTTPCode_ELB_503_Count'
  | 'HTTPCode_ELB_504_Count'
  | 'HTTPCode_Target_5XX_Count';

export type TargetGroupMetric =
  | 'RequestCount'
  | 'HTTPCode_Target_2XX_Count'
  | 'HTTPCode_Target_3XX_Count'
  | 'HTTPCode_Target_4XX_Count'
  | 'HTTPCode_Target_5XX_Count'
  | 'TargetConnectionErrorCount'
  | 'TargetTLSNegotiationErrorCount'
  | 'TargetResponseTime.p50'
  | 'TargetResponseTime.p99'
  | 'TargetResponseTime.max'
  | 'HealthyHostCount.min'
  | 'UnHealthyHostCount.max'
  | 'RequestCountPerTarget'
  | 'UnhealthyRoutingRequestCount'
  | 'AnomalousHostCount.max'
  | 'ActiveZonalShiftHostCount.max'
  | 'LambdaUserError'
  | 'LambdaInternalError';

export type InstanceMetric =
  | 'CPUUtilization'
  | 'CPUCreditBalance'
  | 'CPUSurplusCreditBalance'
  | 'StatusCheckFailed'
  | 'StatusCheckFailed_Instance'
  | 'StatusCheckFailed_System'
  | 'StatusCheckFailed_AttachedEBS'
  /** Only where the instance has application status checks. */
  | 'StatusCheckFailed_Application'
  /** Percent of what the instance may do to its volumes beyond its baseline; smaller instances only. The lowest. */
  | 'EBSIOBalance%'
  | 'EBSByteBalance%'
  /** Percent; only where the CloudWatch agent sends it. */
  | 'mem_used_percent'
  /** Percent of the fullest disk; only where the CloudWatch agent sends it. */
  | 'disk_used_percent';

export type ServiceMetric = 'CPUUtilization' | 'MemoryUtilization';

/** `Duration.max` in milliseconds. */
export type LambdaMetric = 'Invocations' | 'Errors' | 'Throttles' | 'Duration.max' | 'ConcurrentExecutions.max';
