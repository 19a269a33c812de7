import type { Listener, LoadBalancer, Route, RouteTable, SecurityGroup, Subnet } from '../../incident/evidence.ts';
import { blockOf, isPrivate } from './addresses.ts';
import { ownGroupIds } from './connection-peers.ts';
import { coversPorts, onePort, tcpPorts } from './ports.ts';
import { routeTableOf } from './route-table.ts';

/** How clients on the internet get to a load balancer: through a gateway, and past its own security groups. */

/** A subnet of the load balancer that no internet gateway serves. */
export interface CutOffSubnet {
  readonly subnetId: string;
  readonly zone: string;
  readonly table: RouteTable;
  /** Where its packets to the internet go instead; `null`: nowhere. */
  readonly instead: Route | null;
}

/** `null` where the table of a subnet is not known. */
export function cutOffSubnets(
  { zones, vpcId }: LoadBalancer,
  routeTables: readonly RouteTable[],
): readonly CutOffSubnet[] | null {
  const tables = zones.map((zone) => ({ ...zone, table: routeTableOf({ id: zone.subnetId, vpcId }, routeTables) }));
  if (tables.some(({ table }) => table === undefined)) return null;
  return tables.flatMap(({ table, ...rest }) =>
    table === undefined || mayLeadToInternet(table) ? [] : [{ ...rest, table, instead: defaultRouteOf(table) }],
  );
}

/** What an endpoint of a firewall or an appliance does with packets is its own: behind it there may be a gateway. */
const LEADS_ON: readonly Route['target']['kind'][] = ['gateway', 'network-interface', 'other'];

function mayLeadToInternet({ routes }: RouteTable): boolean {
  return routes.some((route) => {
    if (route.state !== 'active') return false;
    return isToInternetGateway(route) || (LEADS_ON.includes(route.target.kind) && isPublic(route));
  });
}

/** An egress-only gateway lets nobody in. */
export function isToInternetGateway({ target, state }: Route): boolean {
  return state === 'active' && target.kind === 'internet-gateway' && target.id.startsWith('igw-');
}

function isPublic({ destination }: Route): boolean {
  const block = blockOf(destination);
  return block !== undefined && !isPrivate(block);
}

function defaultRouteOf({ routes }: RouteTable): Route | null {
  return routes.find(({ destination }) => destination === '0.0.0.0/0') ?? null;
}

/** A subnet of each of these zones that an internet gateway serves; `null` where one has none that is known. */
export function publicSubnetsIn(
  zones: readonly string[],
  subnets: readonly Subnet[],
  routeTables: readonly RouteTable[],
): readonly string[] | null {
  const found = zones.flatMap((zone) => {
    const there = subnets.filter((one) => one.zone === zone);
    return there.find((one) => routeTableOf(one, routeTables)?.routes.some(isToInternetGateway))?.id ?? [];
  });
  return found.length === zones.length && zones.length > 0 ? found : null;
}

/** The groups of a load balancer whose listeners' ports no address of the internet is admitted on; `null`: not known. */
export function groupsThatKeepOut(
  loadBalancer: LoadBalancer,
  listeners: readonly Listener[],
  securityGroups: readonly SecurityGroup[],
): readonly SecurityGroup[] | null {
  const ids = ownGroupIds({ loadBalancer, securityGroups }) ?? [];
  const groups = securityGroups.filter(({ id }) => ids.includes(id));
  if (groups.length === 0 || groups.length < ids.length) return null;
  return listeners.length > 0 && listeners.every(({ port }) => !groups.some((group) => admitsOn(group, port)))
    ? groups
    : [];
}

/** A prefix list may hold public addresses. A group stands for private ones, and nobody comes from the internet with one. */
function admitsOn({ ingress }: SecurityGroup, port: number): boolean {
  return ingress.some((rule) => {
    const ports = tcpPorts(rule);
    if (ports === undefined || !coversPorts(ports, onePort(port))) return false;
    return rule.prefixListIds.length > 0 || rule.cidrs.some((cidr) => !isWithinPrivate(cidr));
  });
}

function isWithinPrivate(cidr: string): boolean {
  const block = blockOf(cidr);
  return block !== undefined && isPrivate(block);
}
