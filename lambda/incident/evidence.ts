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
  /** Which of those instances belong to an Auto Scaling group; an instance asked about and not listed belongs to none. */
  readonly autoScalingInstances: readonly AutoScalingMembership[];
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
  /** Tags by ARN of the load balancer and its target groups. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
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
  | { readonly type: 'other'; readonly name: string };

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
  readonly anomalous: boolean;
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
  | 'LambdaUserError'
  | 'LambdaInternalError';

export type InstanceMetric =
  | 'CPUUtilization'
  | 'CPUCreditBalance'
  | 'CPUSurplusCreditBalance'
  | 'StatusCheckFailed'
  | 'StatusCheckFailed_Instance'
  | 'StatusCheckFailed_System'
  | 'StatusCheckFailed_AttachedEBS';

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

export interface InstanceStatus {
  readonly id: string;
  /** ok, impaired, initializing, insufficient-data, not-applicable. */
  readonly system: StatusCheck;
  readonly instance: StatusCheck;
  readonly attachedEbs: StatusCheck | null;
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
