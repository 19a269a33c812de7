import type { Time } from '../text.ts';

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
  | { readonly type: 'fixed-response'; readonly statusCode: string; readonly body?: string }
  /** `hosts`: of an authentication step, those of the identity provider that the load balancer itself must reach. */
  | { readonly type: 'other'; readonly name: string; readonly hosts?: readonly string[] };

export interface ListenerRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** `null` for the listener's default rule. */
  readonly priority: number | null;
  readonly actions: readonly Action[];
  /** The conditions as a person would read them: `path is /api/*`; of a header or a query, without its value. */
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
