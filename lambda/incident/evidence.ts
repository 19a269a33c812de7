import type { AlarmFacts, AlarmHistory } from './evidence/alarms.ts';
import type { AutoScalingGroup, AutoScalingMembership } from './evidence/auto-scaling.ts';
import type { ChangeEvent, FailedCall } from './evidence/changes.ts';
import type { EcsService, EcsTask, EcsTaskDefinition } from './evidence/ecs.ts';
import type { ApplicationStatus, ConsoleOutput, CreditMode, Instance, InstanceStatus } from './evidence/instances.ts';
import type { LambdaFunction } from './evidence/lambda.ts';
import type {
  Attributes,
  IdleTargetGroup,
  Listener,
  ListenerRule,
  LoadBalancer,
  Target,
  TargetGroup,
} from './evidence/load-balancing.ts';
import type { LogPlaces } from './evidence/log-places.ts';
import type { AccessLog, ConnectionLog, HealthCheckLog } from './evidence/logs.ts';
import type {
  InstanceMetric,
  LambdaMetric,
  LoadBalancerMetrics,
  MetricsById,
  ServiceMetric,
  TargetGroupMetric,
  ZoneMetric,
} from './evidence/metrics.ts';
import type {
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
} from './evidence/network.ts';
import type { WebAcl } from './evidence/waf.ts';

export type * from './evidence/alarms.ts';
export type * from './evidence/auto-scaling.ts';
export type * from './evidence/changes.ts';
export type * from './evidence/ecs.ts';
export type * from './evidence/instances.ts';
export type * from './evidence/lambda.ts';
export type * from './evidence/load-balancing.ts';
export type * from './evidence/log-places.ts';
export type * from './evidence/logs.ts';
export type * from './evidence/metrics.ts';
export type * from './evidence/network.ts';
export type * from './evidence/waf.ts';

/**
 * The evidence: one key a collector, in AWS's words, without the SDK's optional-everything. Collectors map AWS's answers
 * to these shapes at once; nothing beyond `collect/` knows an SDK type. Plain JSON, so that a snapshot can be replayed.
 */
export interface Evidence {
  /** The load balancer itself: `elasticloadbalancing:DescribeLoadBalancers`. */
  readonly loadBalancer: LoadBalancer;
  /** Its attributes by key, e.g. `idle_timeout.timeout_seconds`: `DescribeLoadBalancerAttributes`. */
  readonly loadBalancerAttributes: Attributes;
  readonly listeners: readonly Listener[];
  /** All rules of all listeners, the default rules among them. */
  readonly listenerRules: readonly ListenerRule[];
  /** The groups of this load balancer. */
  readonly targetGroups: readonly TargetGroup[];
  /**
   * Groups of the load balancer's VPC that no load balancer uses, with what is registered in them. Asked for only where a
   * group that gets requests has no usable target.
   */
  readonly idleTargetGroups: readonly IdleTargetGroup[];
  /** Attributes by target group ARN, then by key. */
  readonly targetGroupAttributes: Readonly<Record<string, Attributes>>;
  /** Every target of every group that was asked: `DescribeTargetHealth`. A group whose health is unseen is a gap. */
  readonly targetHealth: readonly Target[];
  /** Three hours of minutes of the load balancer's own metrics. */
  readonly loadBalancerMetrics: LoadBalancerMetrics;
  /** The same by Availability Zone. `id` is the zone. */
  readonly zoneMetrics: MetricsById<ZoneMetric>;
  /** The same by target group. `id` is the target group's ARN. */
  readonly targetGroupMetrics: MetricsById<TargetGroupMetric>;
  /** Of the instances behind the targets that were asked about. `id` is the instance's. */
  readonly instanceMetrics: MetricsById<InstanceMetric>;
  /** Of the ECS services that the groups' targets or tags name. `id` is `cluster/service`. */
  readonly serviceMetrics: MetricsById<ServiceMetric>;
  /** The instances behind instance targets: the failing ones, and a few healthy ones to compare. */
  readonly instances: readonly Instance[];
  readonly instanceStatus: readonly InstanceStatus[];
  /** What EC2's own checks of the application found on failing instances; of those that have such checks. */
  readonly applicationStatus: readonly ApplicationStatus[];
  /** Which of those instances belong to an Auto Scaling group; an instance asked about and not listed belongs to none. */
  readonly autoScalingInstances: readonly AutoScalingMembership[];
  /** The groups of those instances, and those that serve a target group without instances; with their last activities. */
  readonly autoScalingGroups: readonly AutoScalingGroup[];
  /** The ECS services that keep their tasks registered in groups of this load balancer. */
  readonly ecsServices: readonly EcsService[];
  /** Their tasks: those that run, and those that stopped within about an hour before AWS was read. */
  readonly ecsTasks: readonly EcsTask[];
  /** What their deployments run. */
  readonly ecsTaskDefinitions: readonly EcsTaskDefinition[];
  /** The load balancer's own network interfaces. */
  readonly loadBalancerInterfaces: readonly NetworkInterface[];
  /** The interfaces that hold the addresses of `ip` targets. */
  readonly targetInterfaces: readonly NetworkInterface[];
  /** Every security group of the VPC that a load balancer or target interface carries. */
  readonly securityGroups: readonly SecurityGroup[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly subnets: readonly Subnet[];
  /** Of the load balancer's VPC. */
  readonly routeTables: readonly RouteTable[];
  /** Those that a rule of a security group or a route names, where they may decide over a path to a target. */
  readonly prefixLists: readonly PrefixList[];
  /** The functions behind Lambda targets. One that is gone is among them. */
  readonly lambdaFunctions: readonly LambdaFunction[];
  /** Of those functions, whoever invokes them. `id` is the function's ARN, without version or alias. */
  readonly lambdaMetrics: MetricsById<LambdaMetric>;
  /** What a few of the failing instances wrote to their console. */
  readonly consoleOutput: readonly ConsoleOutput[];
  /** The credit mode of the burstable ones (T family) among `instances`. */
  readonly creditModes: readonly CreditMode[];
  /** The alarm that asked: whose it is, whether it is muted, what else it is about. Not asked where no alarm did. */
  readonly alarm: AlarmFacts;
  /** When the alarm that asked went into ALARM lately. Not asked where no alarm did. */
  readonly alarmHistory: AlarmHistory;
  /**
   * The web ACL of AWS WAF that is associated with the load balancer; `null` where none is. Asked for only where the load
   * balancer itself answered 500.
   */
  readonly webAcl: WebAcl | null;
  /** Tags by ARN of the load balancer and its target groups. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * What was done to all of these, oldest first, from an hour before the onset: CloudTrail. A call that failed changed
   * nothing and is not among them; one of the last minutes may not be there yet, so that absence proves nothing.
   */
  readonly changes: readonly ChangeEvent[];
  /** Calls that would have changed these, and failed, oldest first; as the same look-ups of CloudTrail tell. */
  readonly failedCalls: readonly FailedCall[];
  /** Where the load balancer's logs go. This and the logs themselves are asked for only where somebody wants them read. */
  readonly logPlaces: LogPlaces;
  /** Requests, counted by code, target, path and how they ended. */
  readonly accessLog: AccessLog;
  /** Connections of clients. */
  readonly connectionLog: ConnectionLog;
  /** Every health check, by the load balancer's own record. */
  readonly healthCheckLog: HealthCheckLog;
}

export type EvidenceKey = keyof Evidence;
