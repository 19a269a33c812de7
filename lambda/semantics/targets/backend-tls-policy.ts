import type { Listener } from '../../incident/evidence.ts';

/**
 * The security policy the load balancer uses towards its targets. Nobody sets it: it follows the policies of all HTTPS
 * listeners, so that a change on the front changes what targets must speak. `null` where no listener has a policy.
 */
export function backendPolicy(listeners: readonly Listener[] | undefined): string | null {
  const policies = (listeners ?? []).flatMap(({ sslPolicy }) => sslPolicy ?? []);
  if (policies.length === 0) return null;
  const any = (...marks: string[]): boolean =>
    policies.some((policy) => marks.every((mark) => policy.split('-').includes(mark)));
  if (any('FIPS', 'PQ')) return 'ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09';
  if (any('FIPS')) return 'ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04';
  if (any('PQ')) return 'ELBSecurityPolicy-TLS13-1-0-PQ-2025-09';
  return any('TLS13') ? 'ELBSecurityPolicy-TLS13-1-0-2021-06' : 'ELBSecurityPolicy-2016-08';
}
