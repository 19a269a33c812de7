import type { Target, TargetGroup } from '../../incident/evidence.ts';

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
