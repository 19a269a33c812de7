import type { Target, TargetGroup } from '../../incident/evidence.ts';
import { getsNoAnswer } from './targets.ts';

type Use = 'traffic' | 'health-check';

/** The ports on which the load balancer connects to a target, each once, with what it does there. */
export function portsInUse(
  target: Target,
  group: TargetGroup,
): readonly { readonly port: number; readonly uses: readonly Use[] }[] {
  const traffic = target.port ?? group.port;
  const checks = group.healthCheck.enabled ? (target.healthCheckPort ?? checkPort(group, traffic)) : null;
  if (traffic !== null && traffic === checks) return [{ port: traffic, uses: ['traffic', 'health-check'] }];
  return [
    ...(traffic === null ? [] : [{ port: traffic, uses: ['traffic'] as const }]),
    ...(checks === null ? [] : [{ port: checks, uses: ['health-check'] as const }]),
  ];
}

function checkPort({ healthCheck }: TargetGroup, traffic: number | null): number | null {
  const own = Number(healthCheck.port ?? 'traffic-port');
  return Number.isInteger(own) ? own : traffic;
}

/** A target whose health checks go to another port than its requests, both known. */
export interface CheckedApart extends Target {
  readonly port: number;
  readonly healthCheckPort: number;
}

export function checkedApart(targets: readonly Target[], group: TargetGroup): readonly CheckedApart[] {
  return targets.flatMap((target) => {
    const port = target.port ?? group.port;
    const { healthCheckPort } = target;
    return port === null || healthCheckPort === null || port === healthCheckPort
      ? []
      : [{ ...target, port, healthCheckPort }];
  });
}

/** Health checks on a port of their own say nothing about the one that gets the requests. */
export function hasOwnCheckPort({ healthCheck: { port } }: TargetGroup): boolean {
  return port !== null && port !== 'traffic-port';
}

/** Known to go elsewhere without any target: the port of the group is what targets get by default. */
export function checksElsewhere({ port, healthCheck }: TargetGroup): boolean {
  const own = Number(healthCheck.port);
  return healthCheck.enabled && Number.isInteger(own) && port !== null && own !== port;
}

/** Refused or dropped on the very port that requests go to. */
export function isSilentToRequests(target: Target): boolean {
  const { port, healthCheckPort } = target;
  const checked = port === null || healthCheckPort === null || healthCheckPort === port;
  return checked && getsNoAnswer(target);
}

/** Healthy by checks of the very port that requests go to. */
export function servesOnItsPort({ state, port, healthCheckPort }: Target): boolean {
  return state === 'healthy' && port !== null && healthCheckPort === port;
}
