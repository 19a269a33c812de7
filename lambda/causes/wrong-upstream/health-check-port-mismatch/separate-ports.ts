import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, listed, type Text } from '../../../incident/text.ts';
import { worstPathState } from '../../../semantics/network/target-paths.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';

/** A target whose two ports are known and differ. */
export interface Apart extends Target {
  readonly port: number;
  readonly healthCheckPort: number;
}

/** What was seen of the network between load balancer and targets. */
export type Paths = Parameters<typeof worstPathState>[2];

export function apartIn(group: TargetGroup, all: readonly Target[]): readonly Apart[] {
  return targetsOf(all, group.arn).flatMap((target) => {
    const port = target.port ?? group.port;
    const { healthCheckPort } = target;
    return port === null || healthCheckPort === null || port === healthCheckPort
      ? []
      : [{ ...target, port, healthCheckPort }];
  });
}

/** What security groups and ACLs do to connections to one of the two ports. */
export function filtersOn(
  use: 'port' | 'healthCheckPort',
  targets: readonly Apart[],
  group: TargetGroup,
  paths: Paths,
) {
  const asked = targets.map((target) => ({ ...target, port: target[use], healthCheckPort: target[use] }));
  return worstPathState(asked, [group], { ...paths, targetHealth: asked });
}

/** The ports that health checks go to, in words. */
export const checkPorts = (targets: readonly Apart[]): Text =>
  portsSaid(targets.map(({ healthCheckPort }) => healthCheckPort));
export const trafficPorts = (targets: readonly Apart[]): Text => portsSaid(targets.map(({ port }) => port));

function portsSaid(ports: readonly number[]): Text {
  return listed([...new Set(ports)].sort((a, b) => a - b).map(code));
}
