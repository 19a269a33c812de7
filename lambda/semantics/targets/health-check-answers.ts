import type { Target, TargetGroup } from '../../incident/evidence.ts';

/** Whether a health check's matcher (`200`, `200,302`, `200-299`) takes a code for a pass. */
export function accepts(matcher: string | null, status: number): boolean {
  return (matcher ?? '200').split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number);
    return from <= status && status <= to;
  });
}

/** What a target is known to speak on the port that gets its requests, by AWS's own health checks of that port. */
export function provenProtocol(target: Target, { protocol, healthCheck }: TargetGroup): 'HTTP' | 'HTTPS' | null {
  if (protocol === null || target.state !== 'healthy' || target.healthCheckPort !== target.port) return null;
  if (healthCheck.protocol === 'HTTPS') return 'HTTPS';
  // A server answers plain HTTP on a TLS port with 400: a matcher that takes 400 says nothing.
  return healthCheck.protocol === 'HTTP' && !accepts(healthCheck.matcher, 400) ? 'HTTP' : null;
}
