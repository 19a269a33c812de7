import type { LoadBalancer, Route, RouteTable } from '../incident/evidence.ts';
import { andList, code, resource, text } from '../incident/text.ts';
import type { LostRoute } from '../semantics/network/lost-routes.ts';
import { neighbourRoute } from '../semantics/network/neighbour-routes.ts';
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
    const right = neighbourRoute(one, routeTables, loadBalancer);
    return own === undefined || right === undefined ? [] : [route(own, right, verify)];
  });
  return [
    ...(routes.length === 0 ? tables.map((one) => leadOn(one, verify)) : inSteps(routes)),
    ...tables.map(seeRoutes),
  ];
}

function leadOn({ tableId, destinations, route }: LostRoute, verify: AwsCall): Remedy {
  const to = route?.state === 'blackhole' ? [route.destination] : destinations;
  const how = route?.state === 'blackhole' ? 'replace-route' : 'create-route';
  return fix(
    text`route ${andList(to.map(resource))} in ${resource(tableId)} to where the target is (${code(`aws ec2 ${how}`)}). What was read does not show which peering connection, gateway or device leads there now; ask who removed the previous one`,
    { verify },
  );
}

function seeRoutes({ tableId }: LostRoute): Remedy {
  return look(
    text`see the routes of ${resource(tableId)}, and find what should lead to the target`,
    aws('ec2', 'describe-route-tables', { routeTableIds: tableId }),
  );
}

/** What a route to another network is named by. */
const OPTION: Readonly<Partial<Record<Route['target']['kind'], string>>> = {
  peering: 'vpcPeeringConnectionId',
  'transit-gateway': 'transitGatewayId',
};

function route(table: RouteTable, { destination, target }: Route, verify: AwsCall): Remedy {
  const isNew = table.routes.every((one) => one.destination !== destination);
  const family = destination.includes(':') ? 'destinationIpv6CidrBlock' : 'destinationCidrBlock';
  const own = { routeTableId: table.id, [family]: destination };
  const does = text`route ${resource(destination)} to ${resource(target.id)}, as the load balancer's other subnets do`;
  return fix(does, {
    run: aws('ec2', isNew ? 'create-route' : 'replace-route', { ...own, [OPTION[target.kind] ?? '']: target.id }),
    // What a blackhole led to is gone: there is no way back to it.
    undo: isNew ? aws('ec2', 'delete-route', own) : null,
    ...{ verify, managedBy: managerOf(table.tags) },
  });
}
