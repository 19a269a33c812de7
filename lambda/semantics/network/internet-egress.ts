import type { Instance, LoadBalancer, Route, RouteTable, SecurityGroup } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { blockOf, isPrivate } from './addresses.ts';
import { ownGroupIds } from './connection-peers.ts';
import { coversPorts, onePort, tcpPorts } from './ports.ts';
import { routeTableOf } from './route-table.ts';

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

/** What the table of a subnet lacks for a way to the internet: a route that leads out of the VPC, or what its route led to. */
export interface MissingWayOut {
  readonly table: RouteTable;
  /** Of the hosts that have none by it. */
  readonly subnetIds: readonly string[];
  /** The route to what is gone; `null` where there is none at all. */
  readonly blackhole: Route | null;
}

/** By IPv4, a table each. None where there is a way, or may be: a list of public addresses, a table that was not read. */
export function missingWaysOut(
  hosts: readonly Instance[],
  observed: Observed<readonly RouteTable[]>,
): readonly MissingWayOut[] {
  if (!observed.seen || observed.gaps.length > 0) return [];
  const missing = new Map<string, MissingWayOut>();
  for (const { subnetId, vpcId } of hosts) {
    if (subnetId === null || vpcId === null) continue;
    const table = routeTableOf({ id: subnetId, vpcId }, observed.value);
    const out = table?.routes.filter((route) => route.target.kind !== 'local' && leadsToPublic(route)) ?? [];
    if (table === undefined || out.some(({ state }) => state === 'active')) continue;
    const others = missing.get(table.id)?.subnetIds ?? [];
    missing.set(table.id, { table, subnetIds: [...new Set([...others, subnetId])], blackhole: out[0] ?? null });
  }
  return [...missing.values()];
}

/** The list of a gateway endpoint holds the addresses of one service only: no way to anything else. */
function leadsToPublic({ destination, target }: Route): boolean {
  const block = blockOf(destination);
  if (block === undefined) return !target.id.startsWith('vpce-');
  return block.family === 'ipv4' && !isPrivate(block);
}

/** The NAT gateway that the other tables of the VPC lead out by, where it is one and the same. */
export function natGatewayBeside(table: RouteTable, routeTables: readonly RouteTable[]): string | undefined {
  const ids = routeTables
    .filter(({ id, vpcId }) => id !== table.id && vpcId === table.vpcId)
    .flatMap(({ routes }) => routes)
    .filter(({ destination, state, target }) => destination === ANYWHERE && state === 'active' && target.kind === 'nat')
    .map(({ target }) => target.id);
  return new Set(ids).size === 1 ? ids.find((id) => id.startsWith('nat-')) : undefined;
}

export const ANYWHERE = '0.0.0.0/0';
