import type { Time } from '../text.ts';

/** One value a minute, oldest first; `null` where AWS sent no datapoint. All series of a snapshot share one grid. */
export type Values = readonly (number | null)[];

export interface Grid {
  /** Start of the first minute. */
  readonly from: Time;
  readonly minutes: number;
  /** So many minutes share one datapoint, where AWS keeps no other: how many of them had something is not known. */
  readonly every?: number;
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

/**
 * A long window as a whole, at whatever resolution it could be read: slot after slot, each of so many seconds. It is there
 * only where all of it was read.
 */
export interface Survey {
  readonly from: Time;
  readonly seconds: number;
  readonly slots: number;
  readonly values: Readonly<Partial<Record<LoadBalancerMetric, Values>>>;
}

/** The minutes before the moment that is judged and, where a longer window was asked about, a survey of that. */
export interface LoadBalancerMetrics extends Metrics<LoadBalancerMetric> {
  readonly survey?: Survey;
}

/**
 * Every metric that is read, by the name that it has in the evidence: which metric of CloudWatch it is, and which statistic
 * of a minute.
 */
export type Statistics<Name extends string = string> = Readonly<
  Record<Name, readonly [metric: string, statistic: string]>
>;

export const LOAD_BALANCER_METRICS = {
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
} as const satisfies Statistics;
export type LoadBalancerMetric = keyof typeof LOAD_BALANCER_METRICS;

export const ZONE_METRICS = {
  RequestCount: ['RequestCount', 'Sum'],
  HTTPCode_ELB_5XX_Count: ['HTTPCode_ELB_5XX_Count', 'Sum'],
  HTTPCode_ELB_502_Count: ['HTTPCode_ELB_502_Count', 'Sum'],
  HTTPCode_ELB_503_Count: ['HTTPCode_ELB_503_Count', 'Sum'],
  HTTPCode_ELB_504_Count: ['HTTPCode_ELB_504_Count', 'Sum'],
  HTTPCode_Target_5XX_Count: ['HTTPCode_Target_5XX_Count', 'Sum'],
} as const satisfies Statistics;
export type ZoneMetric = keyof typeof ZONE_METRICS;

export const TARGET_GROUP_METRICS = {
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
} as const satisfies Statistics;
export type TargetGroupMetric = keyof typeof TARGET_GROUP_METRICS;

export const INSTANCE_METRICS = {
  CPUUtilization: ['CPUUtilization', 'Average'],
  CPUCreditBalance: ['CPUCreditBalance', 'Average'],
  CPUSurplusCreditBalance: ['CPUSurplusCreditBalance', 'Average'],
  StatusCheckFailed: ['StatusCheckFailed', 'Maximum'],
  StatusCheckFailed_Instance: ['StatusCheckFailed_Instance', 'Maximum'],
  StatusCheckFailed_System: ['StatusCheckFailed_System', 'Maximum'],
  StatusCheckFailed_AttachedEBS: ['StatusCheckFailed_AttachedEBS', 'Maximum'],
  // Only where the instance has application status checks.
  StatusCheckFailed_Application: ['StatusCheckFailed_Application', 'Maximum'],
  // Percent of what the instance may do to its volumes beyond its baseline; smaller instances only.
  'EBSIOBalance%': ['EBSIOBalance%', 'Minimum'],
  'EBSByteBalance%': ['EBSByteBalance%', 'Minimum'],
} as const satisfies Statistics;

/** Only where the CloudWatch agent sends them: memory, and the fullest disk, in percent. */
export const AGENT_METRICS = ['mem_used_percent', 'disk_used_percent'] as const;
export type AgentMetric = (typeof AGENT_METRICS)[number];
export type InstanceMetric = keyof typeof INSTANCE_METRICS | AgentMetric;

export const SERVICE_METRICS = {
  CPUUtilization: ['CPUUtilization', 'Average'],
  MemoryUtilization: ['MemoryUtilization', 'Average'],
} as const satisfies Statistics;
export type ServiceMetric = keyof typeof SERVICE_METRICS;

/** `Duration.max` in milliseconds. */
export const LAMBDA_METRICS = {
  Invocations: ['Invocations', 'Sum'],
  Errors: ['Errors', 'Sum'],
  Throttles: ['Throttles', 'Sum'],
  'Duration.max': ['Duration', 'Maximum'],
  'ConcurrentExecutions.max': ['ConcurrentExecutions', 'Maximum'],
} as const satisfies Statistics;
export type LambdaMetric = keyof typeof LAMBDA_METRICS;
