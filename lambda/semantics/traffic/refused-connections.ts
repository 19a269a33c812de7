import type { TargetTraffic } from './target-traffic.ts';

/** A refused connection is answered 502 at once, and never 504 (Elastic Load Balancing, "HTTP 502" and "HTTP 504"). */

/** At least this share of the 502s must be failed connections. */
const MOSTLY = 0.5;
/** A refusal is never a 504, but a fleet answers some request too late now and then. */
const STRAY = 0.02;

/** Whether failed connections account for the 502s. */
export function accountsFor502s(traffic: TargetTraffic | null, errors502: number): traffic is TargetTraffic {
  if (traffic === null || errors502 === 0 || traffic.tlsErrors > 0) return false;
  return traffic.failedConnections >= MOSTLY * errors502;
}

export function hasFew504s(errors504: number, errors502: number): boolean {
  return errors504 <= STRAY * errors502;
}
