import type { LoadBalancer, Route, RouteTable } from '../incident/evidence.ts';
import { resource, text } from '../incident/text.ts';
import { blockOf, blocksOf, coversBlock } from '../semantics/network/addresses.ts';
import type { LostRoute } from '../semantics/network/lost-routes.ts';
import { routeTableOf } from '../semantics/network/routes.ts';
import { managerOf } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, look, type Remedy } from './remedy.ts';

/**
 * The route that the other tables of the load balancer's subnets have, where they all have the same one. Otherwise nobody
 * can tell where the packets should go: look.
 */
export function routeAsNeighbours(
  lost: readonly LostRoute[],
  routeTables: readonly RouteTable[],
  loadBalancer: LoadBalancer,
  verify: AwsCall,
): readonly Remedy[] {
  const tables = [...new Map(lost.map((one) => [one.tableId, one])).values()];
  const routes = tables.flatMap((one) => {
    const own = routeTables.find(({ id }) => id === one.tableId);
    const right = rightRoute(one, routeTables, loadBalancer);
    return own === undefined || right === undefined ? [] : [route(own, right, verify)];
  });
  return [...inSteps(routes), ...tables.map(seeRoutes)];
}

function seeRoutes({ tableId }: LostRoute): Remedy {
  return look(
    text`see the routes of ${resource(tableId)}, and find what should lead to the target`,
    aws('ec2', 'describe-route-tables', { routeTableIds: tableId }),
  );
}

function rightRoute(
  { tableId, destinations }: LostRoute,
  routeTables: readonly RouteTable[],
  { zones, vpcId }: LoadBalancer,
): Route | undefined {
  const blocks = blocksOf(destinations);
  const [first, ...others] = zones
    .flatMap(({ subnetId }) => routeTableOf({ id: subnetId, vpcId }, routeTables) ?? [])
    .flatMap((table) => (table.id === tableId ? [] : table.routes))
    .filter(({ state, target, destination }) => {
      const own = blockOf(destination);
      // A default route is nobody's word on this network in particular.
      const isSpecific = own !== undefined && !destination.endsWith('/0');
      const leads = state === 'active' && OPTION[target.kind] !== undefined;
      return leads && isSpecific && blocks.every((block) => coversBlock(own, block));
    });
  const isSame = (one: Route) => one.destination === first?.destination && one.target.id === first.target.id;
  return others.every(isSame) ? first : undefined;
}

/** Only to another network: what an appliance or an endpoint does with the packets is its own. */
const OPTION: Readonly<Partial<Record<Route['target']['kind'], string>>> = {
  peering: 'vpcPeeringConnectionId',
  'transit-gateway': 'transitGatewayId',
};

function route(table: RouteTable, { destination, target }: Route, verify: AwsCall): Remedy {
  const isNew = table.routes.every((one) => one.destination !== destination);
  const family = destination.includes(':') ? 'destinationIpv6CidrBlock' : 'destinationCidrBlock';
  const own = { routeTableId: table.id, [family]: destination };
  const does = text`send ${resource(destination)} to ${resource(target.id)}, as the load balancer's other subnets do`;
  return fix(does, {
    run: aws('ec2', isNew ? 'create-route' : 'replace-route', { ...own, [OPTION[target.kind] ?? '']: target.id }),
    // What a blackhole led to is gone: there is no way back to it.
    undo: isNew ? aws('ec2', 'delete-route', own) : null,
    ...{ verify, managedBy: managerOf(table.tags) },
  });
}
