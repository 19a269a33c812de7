import type { LoadBalancer, Route, RouteTable } from '../../../incident/evidence.ts';
import type { Argv } from '../../../incident/finding.ts';
import { code, listed, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { blockOf, blocksOf, coversBlock } from '../../../semantics/network/addresses.ts';
import type { PathBlocker } from '../../../semantics/network/path.ts';
import { routeTableOf } from '../../../semantics/network/routes.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';

/** Where packets to a target, or its answers, are lost for want of a route. */
export interface LostRoute {
  readonly tableId: string;
  readonly isMain: boolean;
  /** The subnets whose packets are lost. */
  readonly subnetIds: readonly string[];
  readonly destinations: readonly string[];
  /** What takes the packets and does not carry them; `null` where nothing takes them. */
  readonly route: Route | null;
}

type Losing = Extract<PathBlocker, { layer: 'routes' }>;

export function lostRoutesOn(paths: readonly TargetPath[]): readonly LostRoute[] {
  const lost = new Map<string, LostRoute>();
  const blockers = paths.flatMap(({ path }) => path.blockers);
  for (const { verdict, at, pairs } of blockers.filter((one): one is Losing => one.layer === 'routes')) {
    if (!('lost' in verdict)) continue;
    const own = pairs.map(({ from, to }) => (at === 'load-balancer' ? from : to)).filter((id) => id !== null);
    for (const { destination, route } of verdict.lost) {
      const key = `${verdict.tableId} ${route?.destination}`;
      const before = lost.get(key);
      lost.set(key, {
        tableId: verdict.tableId,
        isMain: verdict.isMain,
        subnetIds: [...new Set([...(before?.subnetIds ?? []), ...own])],
        destinations: [...new Set([...(before?.destinations ?? []), withoutBits(destination)])],
        route,
      });
    }
  }
  return [...lost.values()];
}

/** A single address as people write it. */
function withoutBits(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}

export function lostSaid({ tableId, isMain, subnetIds, destinations, route }: LostRoute): Text {
  const table = text`${resource(tableId)}${isMain ? ' (the main table)' : ''} of ${listed(subnetIds.map(resource))}`;
  const to = listed(destinations.map(resource), 4);
  if (route === null) return text`${table} has no route to ${to}`;
  if (route.state === 'blackhole') {
    return text`${table} sends ${resource(route.destination)} to ${resource(route.target.id)}, which is gone: ${code('blackhole')}`;
  }
  return text`${table} has only ${resource(route.destination)} to ${resource(route.target.id)} for ${to}: an internet gateway carries no private address`;
}

/**
 * The route that the other tables of the load balancer's subnets have, where they all have the same one. Otherwise nobody
 * can tell where the packets should go: look.
 */
export function fixesFor(
  lost: readonly LostRoute[],
  routeTables: readonly RouteTable[],
  loadBalancer: LoadBalancer,
  targetGroup: string,
): readonly Remedy[] {
  const tables = [...new Map(lost.map((one) => [one.tableId, one])).values()];
  const mended = tables.flatMap((one) => {
    const own = routeTables.find(({ id }) => id === one.tableId);
    const right = rightRoute(one, routeTables, loadBalancer);
    return own === undefined || right === undefined ? [] : (mending(own, right, targetGroup) ?? []);
  });
  return [...inSteps(mended), ...tables.map(looking)];
}

function looking({ tableId }: LostRoute): Remedy {
  return {
    does: text`see the routes of ${resource(tableId)}, and find what should lead to the target`,
    run: ['aws', 'ec2', 'describe-route-tables', '--route-table-ids', tableId],
    changes: false,
    undo: null,
    verify: null,
  };
}

function rightRoute(
  { tableId, destinations }: LostRoute,
  routeTables: readonly RouteTable[],
  { zones, vpcId }: LoadBalancer,
): Route | undefined {
  const blocks = blocksOf(destinations);
  const tables = zones.flatMap(({ subnetId }) => routeTableOf({ id: subnetId, vpcId }, routeTables) ?? []);
  const routes = tables
    .filter(({ id }) => id !== tableId)
    .flatMap((table) => table.routes)
    .filter(({ state, target }) => state === 'active' && OPTION[target.kind] !== undefined)
    .filter((route) => {
      const own = blockOf(route.destination);
      // A default route is nobody's word on this network in particular.
      return own !== undefined && blocks.every((block) => coversBlock(own, block)) && !route.destination.endsWith('/0');
    });
  const [first, ...others] = routes;
  return others.every((one) => one.destination === first?.destination && one.target.id === first.target.id)
    ? first
    : undefined;
}

/** Only to another network: what an appliance or an endpoint does with the packets is its own. */
const OPTION: Readonly<Partial<Record<Route['target']['kind'], string>>> = {
  peering: '--vpc-peering-connection-id',
  'transit-gateway': '--transit-gateway-id',
};

function mending(table: RouteTable, right: Route, targetGroup: string): Remedy | undefined {
  const option = OPTION[right.target.kind];
  if (option === undefined) return undefined;
  const before = table.routes.find(({ destination }) => destination === right.destination);
  const family = right.destination.includes(':') ? '--destination-ipv6-cidr-block' : '--destination-cidr-block';
  const route: Argv = ['--route-table-id', table.id, family, right.destination];
  return {
    does: text`send ${resource(right.destination)} to ${resource(right.target.id)}, as the load balancer's other subnets do`,
    run: ['aws', 'ec2', before === undefined ? 'create-route' : 'replace-route', ...route, option, right.target.id],
    changes: true,
    // What a blackhole led to is gone: there is no way back to it.
    undo: before === undefined ? ['aws', 'ec2', 'delete-route', ...route] : null,
    verify: showHealth(targetGroup),
    ...managedByField(table.tags),
  };
}
