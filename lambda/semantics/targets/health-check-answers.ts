import type { Target, TargetGroup } from '../../incident/evidence.ts';
import { targetsOf } from './targets.ts';

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

/** Whether checks go to a port of their own, and speak another protocol there than requests do. */
export function asksOtherwise({ protocol, healthCheck }: TargetGroup): boolean {
  const spoken = healthCheck.protocol;
  const isOther = spoken !== null && protocol !== null && spoken !== protocol;
  return isOther && healthCheck.port !== null && healthCheck.port !== 'traffic-port';
}

/** Where servers speak TLS by custom. */
const TLS_PORTS = [443, 8443];

export function isCustomaryForTls(port: number | null): boolean {
  return port !== null && TLS_PORTS.includes(port);
}

/** The targets of a group that speak TLS for sure or, where none do, sit on a port where servers mostly do. */
export function tlsSpeakers(targets: readonly Target[], group: TargetGroup) {
  const proven = targets.filter((target) => provenProtocol(target, group) === 'HTTPS');
  if (proven.length > 0) return { targets: proven, proven: true };
  const customary = targets.filter(
    (target) => isCustomaryForTls(target.port ?? group.port) && provenProtocol(target, group) !== 'HTTP',
  );
  return { targets: customary, proven: false };
}

/** The targets that speak plain HTTP, by health checks; and whether all the others may only be slow to shake hands. */
export function plainSpeakers(groups: readonly TargetGroup[], health: readonly Target[]) {
  const spoken = groups.flatMap((group) =>
    targetsOf(health, group.arn).map((target) => ({ target, speaks: provenProtocol(target, group) })),
  );
  return {
    plain: spoken.filter(({ speaks }) => speaks === 'HTTP').map(({ target }) => target),
    slow: spoken.length > 0 && spoken.every(({ target, speaks }) => speaks === 'HTTPS' || timesOut(target)),
  };
}

/** A target that shares no version or cipher refuses at once; one that has no time for handshakes lets checks time out. */
function timesOut({ reason, healthCheckPort, port }: Target): boolean {
  return reason === 'Target.Timeout' && healthCheckPort === port;
}
