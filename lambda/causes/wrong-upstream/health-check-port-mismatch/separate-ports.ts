import type { Paths } from '../../../computed/paths.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, listed, type Text } from '../../../incident/text.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import type { TargetTraffic } from '../../../semantics/traffic/target-traffic.ts';
import type { Found } from '../../cause.ts';

/** That one of the two ports gets no answer. */
export type PortFinding = Found<
  'targetHealth',
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'securityGroups'
>;

/** A target whose two ports are known and differ. */
export interface Apart extends Target {
  readonly port: number;
  readonly healthCheckPort: number;
}

export function apartIn(group: TargetGroup, all: readonly Target[]): readonly Apart[] {
  return targetsOf(all, group.arn).flatMap((target) => {
    const port = target.port ?? group.port;
    const { healthCheckPort } = target;
    return port === null || healthCheckPort === null || port === healthCheckPort
      ? []
      : [{ ...target, port, healthCheckPort }];
  });
}

const trafficPort = ({ port }: Apart) => port;
const checkPort = ({ healthCheckPort }: Apart) => healthCheckPort;

/** Whether the network is closed to the one port of these targets, and open to the other. */
export function isClosedTo(use: 'checks' | 'requests', targets: readonly Apart[], paths: Paths): boolean {
  const [closed, open] = use === 'checks' ? [checkPort, trafficPort] : [trafficPort, checkPort];
  return paths.toPort(targets, closed) === 'blocked' && paths.toPort(targets, open) === 'open';
}

/** The ports that health checks go to, in words. */
export const checkPorts = (targets: readonly Apart[]): Text => portsSaid(targets.map(checkPort));
export const trafficPorts = (targets: readonly Apart[]): Text => portsSaid(targets.map(trafficPort));

function portsSaid(ports: readonly number[]): Text {
  return listed([...new Set(ports)].sort((a, b) => a - b).map(code));
}

/** Requests that reached a target, whatever it answered. */
export const requestsReached = ({ answered, target5xx }: TargetTraffic): number => answered + target5xx;
