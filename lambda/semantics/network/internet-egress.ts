import type { LoadBalancer, RouteTable, SecurityGroup } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { blockOf, isPrivate } from './addresses.ts';
import { ownGroupIds } from './connection-peers.ts';
import { coversPorts, onePort, tcpPorts } from './ports.ts';

const HTTPS = onePort(443);

/** The load balancer's security groups, where none of them lets it out on tcp 443 to a public address; else none. */
export function groupsThatKeepIn(
  loadBalancer: LoadBalancer,
  observed: Observed<readonly SecurityGroup[]>,
): readonly SecurityGroup[] {
  const securityGroups = ifSeen(observed) ?? [];
  const ids = ownGroupIds({ loadBalancer, securityGroups }) ?? [];
  const groups = securityGroups.filter(({ id }) => ids.includes(id));
  return groups.length < ids.length || groups.some(letsOut) ? [] : groups;
}

/** A prefix list may hold public addresses; a group stands for private ones. What cannot be read may let out as well. */
function letsOut({ egress }: SecurityGroup): boolean {
  return egress.some((rule) => {
    const ports = tcpPorts(rule);
    if (ports === undefined || !coversPorts(ports, HTTPS)) return false;
    return rule.prefixListIds.length > 0 || rule.cidrs.some((cidr) => !isWithinPrivate(cidr));
  });
}

function isWithinPrivate(cidr: string): boolean {
  const block = blockOf(cidr);
  return block !== undefined && isPrivate(block);
}

/**
 * Subnets of an internal load balancer from which nothing gets to the internet. Its nodes have no public addresses: an
 * internet gateway is no way out for them.
 */
export function subnetsWithoutWayOut(
  { scheme, zones }: LoadBalancer,
  observed: Observed<readonly RouteTable[]>,
): readonly string[] {
  if (scheme !== 'internal' || !observed.seen || observed.gaps.length > 0) return [];
  return zones.flatMap(({ subnetId }) => {
    const table =
      observed.value.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
      observed.value.find(({ isMain }) => isMain);
    return table === undefined || leadsOut(table) ? [] : [subnetId];
  });
}

/** Any route beyond the VPC may lead to where the provider is: only a table that has none is sure to be closed. */
function leadsOut({ routes }: RouteTable): boolean {
  return routes.some(
    ({ state, target: { kind } }) => state === 'active' && kind !== 'local' && kind !== 'internet-gateway',
  );
}
