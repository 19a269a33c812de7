import { inTable } from '../../incident/in-table.ts';

/** What a load balancer controller sets in AWS itself, and from which annotation of an ingress. */

/** `alb.ingress.kubernetes.io/subnets` */
export const annotationKey = (name: string): string => `alb.ingress.kubernetes.io/${name}`;

/** By the option of a target group that it sets. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  healthCheckPath: 'healthcheck-path',
  healthCheckPort: 'healthcheck-port',
  healthCheckProtocol: 'healthcheck-protocol',
  healthCheckTimeoutSeconds: 'healthcheck-timeout-seconds',
  healthCheckIntervalSeconds: 'healthcheck-interval-seconds',
  healthyThresholdCount: 'healthy-threshold-count',
  unhealthyThresholdCount: 'unhealthy-threshold-count',
};

export function annotationFor(option: string): string | undefined {
  return inTable(ANNOTATIONS, option);
}

/** One annotation holds all attributes: a command that sets one of them would drop the others. */
const LISTS: Readonly<Record<string, string>> = {
  'modify-load-balancer-attributes': 'load-balancer-attributes',
  'modify-target-group-attributes': 'target-group-attributes',
};

export function annotationListFor(operation: string): string | undefined {
  return inTable(LISTS, operation);
}

/** Targets, health checks, rules, and the security group rules to its pods. */
const OPERATIONS = new Set([
  'modify-target-group',
  'modify-target-group-attributes',
  'modify-listener',
  'modify-rule',
  'modify-load-balancer-attributes',
  'register-targets',
  'deregister-targets',
  'authorize-security-group-ingress',
  'authorize-security-group-egress',
  'revoke-security-group-ingress',
  'revoke-security-group-egress',
]);

/** Whether the controller does it itself, and so may undo what others do so. */
export function isByControllerToo(operation: string): boolean {
  return OPERATIONS.has(operation);
}
