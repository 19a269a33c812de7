import type { Time } from './text.ts';

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
  readonly loadBalancerMetrics: Metrics<LoadBalancerMetric>;
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
}

export type EvidenceKey = keyof Evidence;

/**
 * What a piece of evidence tells about. State is of the moment it was read; metrics and changes are of the incident.
 * State read long after the moment asked about proves nothing alone.
 */
export const EVIDENCE_OF_THEN: readonly EvidenceKey[] = [
  'loadBalancerMetrics',
  'zoneMetrics',
  'targetGroupMetrics',
  'instanceMetrics',
  'serviceMetrics',
  'lambdaMetrics',
  'alarmHistory',
  'changes',
  'failedCalls',
];

export type Attributes = Readonly<Record<string, string>>;

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: string;
  readonly ipAddressType: string;
  readonly vpcId: string;
  readonly state: { readonly code: string; readonly reason: string | null };
  readonly securityGroupIds: readonly string[];
  readonly zones: readonly { readonly zone: string; readonly subnetId: string }[];
  readonly createdAt: Time | null;
}

export interface Listener {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  readonly sslPolicy: string | null;
}

/** What a rule does with a request, after authentication steps. */
export type Action =
  | { readonly type: 'forward'; readonly to: readonly { readonly targetGroup: string; readonly weight: number }[] }
  | { readonly type: 'fixed-response'; readonly statusCode: string }
  /** `hosts`: of an authentication step, those of the identity provider that the load balancer itself must reach. */
  | { readonly type: 'other'; readonly name: string; readonly hosts?: readonly string[] };

export interface ListenerRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** `null` for the listener's default rule. */
  readonly priority: number | null;
  readonly actions: readonly Action[];
  /** The conditions as a person would read them: `path is /api/*`. */
  readonly conditions: readonly string[];
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly protocol: string | null;
  readonly protocolVersion: string | null;
  /** The group's default port; a target may have its own. `null` for Lambda. */
  readonly port: number | null;
  readonly vpcId: string | null;
  readonly loadBalancerArns: readonly string[];
  readonly healthCheck: HealthCheck;
}

export interface IdleTargetGroup {
  readonly group: TargetGroup;
  readonly targets: readonly Target[];
}

export interface HealthCheck {
  readonly enabled: boolean;
  readonly protocol: string | null;
  /** A number, or `traffic-port`. */
  readonly port: string | null;
  readonly path: string | null;
  readonly intervalSeconds: number | null;
  readonly timeoutSeconds: number | null;
  readonly healthyThreshold: number | null;
  readonly unhealthyThreshold: number | null;
  /** `200`, `200-299`, `200,302`; for gRPC the gRPC codes. */
  readonly matcher: string | null;
}

export type TargetState =
  | 'initial'
  | 'healthy'
  | 'unhealthy'
  | 'unhealthy.draining'
  | 'unused'
  | 'draining'
  | 'unavailable';

export interface Target {
  readonly targetGroup: string;
  /** Instance id, IP address or Lambda ARN. */
  readonly id: string;
  readonly port: number | null;
  /** `null` where AWS does not say; `all` for an address outside the VPC. */
  readonly zone: string | null;
  readonly healthCheckPort: number | null;
  readonly state: TargetState;
  /** E.g. `Target.Timeout`; `null` for a healthy target. */
  readonly reason: string | null;
  readonly description: string | null;
  /** It fails more often than the others of its group. */
  readonly anomalous: boolean;
  /** Anomaly mitigation sends it fewer requests for that. */
  readonly mitigated?: boolean;
  /** E.g. `zonal_shift_active`; `null` where there is no override. */
  readonly override: string | null;
}

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

/** `Duration.max` in milliseconds. */
export type LambdaMetric = 'Invocations' | 'Errors' | 'Throttles' | 'Duration.max' | 'ConcurrentExecutions.max';

export type ServiceMetric = 'CPUUtilization' | 'MemoryUtilization';

export interface Instance {
  readonly id: string;
  /** pending, running, shutting-down, terminated, stopping, stopped. */
  readonly state: string;
  /** E.g. `Client.UserInitiatedShutdown`. */
  readonly stateReason: { readonly code: string; readonly message: string } | null;
  /** When it entered its state, read from `StateTransitionReason`; `null` where that names no time. */
  readonly stateSince: Time | null;
  readonly launchedAt: Time | null;
  readonly type: string;
  readonly zone: string | null;
  readonly subnetId: string | null;
  readonly vpcId: string | null;
  readonly spot: boolean;
  /** The primary interface's: what the load balancer talks to. */
  readonly primaryAddress: string | null;
  readonly primarySecurityGroupIds: readonly string[];
  readonly interfaces: readonly NetworkInterface[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface AutoScalingMembership {
  readonly instanceId: string;
  readonly group: string;
  /** E.g. `InService`, `Terminating:Wait`. */
  readonly lifecycleState: string;
  readonly healthStatus: string;
}

/** Deployments, events and stopped tasks carry times of their own; the counts are of the moment they were read. */
export interface EcsService {
  /** `cluster/service`, as in `serviceMetrics`. */
  readonly id: string;
  readonly cluster: string;
  readonly name: string;
  /** Where its tasks are registered, alternate groups of a blue/green service among them. */
  readonly targetGroups: readonly {
    readonly arn: string;
    readonly container: string | null;
    readonly containerPort: number | null;
  }[];
  /** ACTIVE, DRAINING, INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** ECS, CODE_DEPLOY, EXTERNAL. */
  readonly controller: string;
  readonly taskDefinition: string | null;
  /** How long the scheduler forgives a new task that fails its health checks, in seconds. */
  readonly healthCheckGrace: number | null;
  readonly minimumHealthyPercent: number | null;
  readonly maximumPercent: number | null;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollsBack: boolean };
  /** The newest first: PRIMARY is what is being rolled out, or was. */
  readonly deployments: readonly EcsDeployment[];
  /** The hundred newest at most, the newest first. AWS does not repeat a message until it is resolved or six hours old. */
  readonly events: readonly { readonly at: Time; readonly message: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface EcsDeployment {
  /** A task's `startedBy` names it. */
  readonly id: string;
  /** PRIMARY, ACTIVE, INACTIVE. */
  readonly status: string;
  /** IN_PROGRESS, COMPLETED, FAILED; `null` where ECS does not control the deployments. */
  readonly rolloutState: string | null;
  readonly rolloutReason: string | null;
  readonly taskDefinition: string | null;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  readonly createdAt: Time | null;
  readonly updatedAt: Time | null;
}

export interface EcsTask {
  readonly id: string;
  readonly arn: string;
  /** `cluster/service`. */
  readonly service: string;
  readonly startedBy: string | null;
  readonly taskDefinition: string | null;
  /** PROVISIONING, PENDING, RUNNING, DEACTIVATING, STOPPED, … */
  readonly status: string;
  readonly zone: string | null;
  /** Private addresses of its own interface; they stay known when it has stopped. */
  readonly addresses: readonly string[];
  /** The instance it runs on, where its group has instance targets. */
  readonly instanceId: string | null;
  readonly hostPorts: readonly number[];
  readonly createdAt: Time | null;
  /** `null` for one that never came up. */
  readonly startedAt: Time | null;
  /** When it began to stop: the scheduler wanted it so, or its container had ended. */
  readonly stoppingAt: Time | null;
  readonly stoppedAt: Time | null;
  /** E.g. `EssentialContainerExited`; `null` while it runs. */
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  readonly containers: readonly EcsContainer[];
}

export interface EcsContainer {
  readonly name: string;
  readonly exitCode: number | null;
  /** E.g. `OutOfMemoryError: Container killed due to memory usage`. */
  readonly reason: string | null;
}

export interface EcsTaskDefinition {
  readonly arn: string;
  /** MiB of the whole task; `null` where only its containers have limits. */
  readonly memory: number | null;
  readonly containers: readonly {
    readonly name: string;
    readonly essential: boolean;
    /** MiB: more than this is killed. */
    readonly memory: number | null;
    /** Seconds between SIGTERM and SIGKILL; `null`: 30, or what the agent of the instance says. */
    readonly stopTimeout: number | null;
    readonly ports: readonly number[];
  }[];
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** EC2, ELB, EBS, VPC_LATTICE: whose word makes it replace an instance. */
  readonly healthCheckTypes: readonly string[];
  /** How long a new instance is left alone, whatever its health; in seconds. */
  readonly gracePeriod: number;
  readonly targetGroups: readonly string[];
  /** E.g. `AddToLoadBalancer`: new instances are then not registered, nor later. */
  readonly suspendedProcesses: readonly string[];
  readonly instances: readonly AutoScalingMembership[];
  /** Of the last three hours before the moment asked about, oldest first. */
  readonly activities: readonly ScalingActivity[];
  /** Only where an activity names one. */
  readonly refreshes: readonly InstanceRefresh[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What Auto Scaling did, why, and how it ended. */
export interface ScalingActivity {
  readonly at: Time;
  readonly endedAt: Time | null;
  /** E.g. `Terminating EC2 instance: i-0123`. */
  readonly description: string;
  /** Sentences that begin with `At 2026-03-10T14:20:00Z`: a user's request, an alarm, a failed health check. */
  readonly cause: string;
  /** Successful, Failed, InProgress, Cancelled, … */
  readonly status: string;
  /** Why it failed. */
  readonly message: string | null;
}

export interface InstanceRefresh {
  readonly id: string;
  /** Pending, InProgress, Baking, Successful, Failed, Cancelled, RollbackInProgress, … */
  readonly status: string;
  readonly reason: string | null;
  readonly startedAt: Time | null;
  readonly endedAt: Time | null;
  readonly percentage?: number | null;
}

/** A call of an API that changed something. */
export interface ChangeEvent {
  readonly at: Time;
  /** `alice`, `role/deploy (ci-42)`, `autoscaling.amazonaws.com`. */
  readonly who: string;
  readonly by: 'person' | 'role' | 'service';
  /** The program that called, where that manages resources and will set them again: Terraform, CloudFormation, … */
  readonly tool: string | null;
  /** What was done, for a person: `revoked tcp 8080 from sg-alb in sg-app`. */
  readonly what: string;
  /** E.g. `RevokeSecurityGroupIngress`. */
  readonly event: string;
  /** E.g. `ec2.amazonaws.com`. */
  readonly source: string;
  /** Ids and ARNs of what it touched, the thing itself first; and the target groups of an Auto Scaling group or service. */
  readonly resources: readonly string[];
  readonly details: ChangeDetails;
}

/** What the record tells of it that a rule can judge. Nothing says what a setting was before. */
export type ChangeDetails =
  | {
      readonly is: 'security-group-rules';
      readonly does: 'admits' | 'revokes' | 'changes';
      readonly way: 'ingress' | 'egress';
      readonly groupId: string;
      /** Empty where the record names rules by their ids only. */
      readonly rules: readonly SecurityGroupRule[];
    }
  /** All the groups of a load balancer, an interface or an instance (of its primary interface) from then on. */
  | { readonly is: 'security-groups'; readonly of: string; readonly groupIds: readonly string[] }
  | {
      readonly is: 'network-acl-entry';
      readonly does: 'creates' | 'replaces' | 'deletes';
      readonly aclId: string;
      readonly ruleNumber: number;
      readonly egress: boolean;
      /** `null` where it is deleted: the record does not say what it held. */
      readonly entry: NetworkAclEntry | null;
    }
  | {
      readonly is: 'route';
      readonly does: 'creates' | 'replaces' | 'deletes';
      readonly tableId: string;
      readonly destination: string;
    }
  | {
      readonly is: 'instances';
      readonly does: 'starts' | 'stops' | 'terminates' | 'reboots';
      readonly instanceIds: readonly string[];
    }
  | {
      readonly is: 'targets';
      readonly does: 'registers' | 'deregisters';
      readonly targetGroup: string;
      readonly ids: readonly string[];
    }
  /** Attributes of a load balancer or target group, a health check, the size of a group or service: by AWS's names. */
  | { readonly is: 'settings'; readonly of: string; readonly set: Attributes }
  /** Where a listener or rule sends requests now; empty where the record does not say. */
  | {
      readonly is: 'routing';
      readonly of: string;
      readonly to: readonly { readonly targetGroup: string; readonly weight: number }[];
    }
  /** To a Lambda function. `name`: the alias or the statement; `value`: its version, or how many runs at once. */
  | {
      readonly is: 'function';
      readonly does: FunctionChange;
      readonly of: string;
      readonly name: string | null;
      readonly value: string | null;
    }
  | { readonly is: 'other' };

export type FunctionChange =
  | 'updates-code'
  | 'configures'
  | 'publishes'
  | 'sets-alias'
  | 'deletes-alias'
  | 'admits'
  | 'withdraws'
  | 'limits'
  | 'unlimits'
  | 'deletes';

/** A call of an API that changed nothing. */
export interface FailedCall extends Pick<ChangeEvent, 'at' | 'who' | 'tool' | 'event' | 'resources'> {
  /** E.g. `AccessDenied`, `Client.UnauthorizedOperation`. */
  readonly errorCode: string;
}

export interface InstanceStatus {
  readonly id: string;
  /** ok, impaired, initializing, insufficient-data, not-applicable. */
  readonly system: StatusCheck;
  readonly instance: StatusCheck;
  readonly attachedEbs: StatusCheck | null;
  /** `null` where EC2 does not check the application. */
  readonly application?: StatusCheck | null;
  readonly events: readonly {
    readonly code: string;
    readonly description: string;
    readonly notBefore: Time | null;
    readonly notAfter: Time | null;
  }[];
}

export interface StatusCheck {
  readonly status: string;
  readonly impairedSince: Time | null;
}

/** EC2 asks the application itself, from an address of its own within the VPC. */
export interface ApplicationStatus {
  readonly instanceId: string;
  /** ok, impaired, initializing, insufficient-data, suppressed, not-applicable. */
  readonly status: string;
  readonly checks: readonly ApplicationCheck[];
}

export interface ApplicationCheck {
  readonly id: string;
  /** passed, failed, initializing, insufficient-data, not-applicable. */
  readonly status: string;
  /** When it got this status. */
  readonly since: Time | null;
  /** ConnectionRefused, ConnectionTimeout, ResponseTimeout, ConnectionReset, ResponseCodeMismatch, …; older ones differ. */
  readonly reason: string | null;
  readonly statusCode: number | null;
  /** What it asks for; `null` where its definition was not seen. */
  readonly port: number | null;
  readonly path: string | null;
}

export interface NetworkInterface {
  readonly id: string;
  readonly description: string;
  readonly subnetId: string | null;
  readonly vpcId: string | null;
  readonly zone: string | null;
  /** All private addresses, IPv4 and IPv6, the primary one first. */
  readonly addresses: readonly string[];
  /** Prefixes delegated to it (EKS prefix delegation), in CIDR notation. */
  readonly prefixes: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** `instanceId` of the instance it is attached to. */
  readonly instanceId: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string | null;
  readonly ownerId: string | null;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
  readonly tags: Readonly<Record<string, string>>;
}

/** One permission. Any match of its peers is enough. */
export interface SecurityGroupRule {
  /** `-1` all protocols and ports; `tcp`, `udp`, … or a protocol number. */
  readonly protocol: string;
  /** `null` where the protocol has no ports or the rule admits all. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidrs: readonly string[];
  readonly prefixListIds: readonly string[];
  readonly groups: readonly { readonly groupId: string; readonly ownerId: string | null }[];
}

export interface NetworkAcl {
  readonly id: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  readonly entries: readonly NetworkAclEntry[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NetworkAclEntry {
  /** 32767 (IPv4) and 32768 (IPv6) are the final deny, `*` in the console. */
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  /** A protocol number as a string; `-1` all. */
  readonly protocol: string;
  /** IPv4 or IPv6; entries of one family never match addresses of the other. */
  readonly cidr: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6Cidrs: readonly string[];
  readonly availableAddresses: number | null;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** The VPC's main table: it serves every subnet that no table names. */
  readonly isMain: boolean;
  /** Of explicit associations only. */
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Route {
  /** A CIDR, IPv4 or IPv6, or the id of a prefix list. */
  readonly destination: string;
  readonly target: { readonly kind: RouteTargetKind; readonly id: string };
  /** `blackhole`: what it leads to is gone. */
  readonly state: 'active' | 'blackhole';
  /** CreateRouteTable (the local route), CreateRoute, EnableVgwRoutePropagation, Advertisement. */
  readonly origin: string;
}

/** `gateway`: a virtual private gateway, or an endpoint of a gateway or firewall. */
export type RouteTargetKind =
  | 'local'
  | 'internet-gateway'
  | 'nat'
  | 'peering'
  | 'transit-gateway'
  | 'network-interface'
  | 'gateway'
  | 'other';

export interface PrefixList {
  readonly id: string;
  readonly cidrs: readonly string[];
}

export interface LambdaFunction {
  /** As registered: a version or an alias may follow the name. */
  readonly arn: string;
  /** AWS knows no such function, version or alias. */
  readonly gone: boolean;
  /** `null`: gone, or not seen. */
  readonly configuration: LambdaConfiguration | null;
  /** Who may invoke it; empty where nobody was ever allowed to. `null`: gone, or not seen. */
  readonly policy: readonly PolicyStatement[] | null;
  /** Reserved concurrency, 0 switches it off. `none`: it shares the account's. `null`: not seen. */
  readonly reservedConcurrency: number | 'none' | null;
}

export interface LambdaConfiguration {
  /** Active, Pending, Inactive, Failed, … */
  readonly state: string;
  readonly stateReason: string | null;
  readonly lastUpdateStatus: string | null;
  readonly lastUpdateReason: string | null;
  readonly timeoutSeconds: number | null;
  readonly memoryMb: number | null;
  readonly modifiedAt: Time | null;
  readonly logGroup: string | null;
}

/** Of a resource policy, its one-or-many made many. */
export interface PolicyStatement {
  readonly id: string;
  readonly effect: string;
  /** Services, accounts or ARNs; `*` for everybody. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  /** E.g. `ArnLike`. */
  readonly operator: string;
  /** E.g. `AWS:SourceArn`. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface ConsoleOutput {
  readonly instanceId: string;
  /** When the instance's buffer was last kept; `null` where AWS does not say. */
  readonly at: Time | null;
  /** The last lines of it. */
  readonly lines: readonly string[];
}

export interface CreditMode {
  readonly instanceId: string;
  /** standard, unlimited. */
  readonly mode: string;
}

export interface WebAcl {
  readonly arn: string;
  readonly name: string;
  /** What answers 5xx on purpose to requests that it blocks: a rule of the web ACL by name, or its default action. */
  readonly blocksWith5xx: readonly { readonly rule: string; readonly statusCode: string }[];
}

/** `null` for what was not seen. */
export interface AlarmFacts {
  readonly tags: Readonly<Record<string, string>> | null;
  /** The mute rules in effect: they hold back its actions, and it changes its state all the same. */
  readonly mutedBy: readonly MuteRule[] | null;
  /** Those in ALARM among the time series that it watches one by one; none for an alarm that watches one only. */
  readonly contributors: readonly AlarmContributor[] | null;
}

export interface MuteRule {
  readonly name: string;
  readonly description: string | null;
}

export interface AlarmContributor {
  /** What its query groups by: `LoadBalancer`, `TargetGroup`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly since: Time | null;
}

export interface AlarmHistory {
  /** How far back was read. */
  readonly from: Time;
  /** When it went into ALARM, oldest first. */
  readonly alarmedAt: readonly Time[];
}
