import type { LoadBalancer, Route, RouteTable } from '../../incident/evidence.ts';
import { blockOf, blocksOf, coversBlock } from './addresses.ts';
import type { LostRoute } from './lost-routes.ts';
import { routeTableOf } from './route-table.ts';

/** What an appliance or an endpoint does with packets is its own. */
const LEADS_ON: readonly Route['target']['kind'][] = ['peering', 'transit-gateway'];

/**
 * The specific route to another network that the other tables of the load balancer's subnets have, where they all have the
 * same one.
 */
export function neighbourRoute(
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
      const leads = state === 'active' && LEADS_ON.includes(target.kind);
      return leads && isSpecific && blocks.every((block) => coversBlock(own, block));
    });
  const isSame = (one: Route) => one.destination === first?.destination && one.target.id === first.target.id;
  return others.every(isSame) ? first : undefined;
}
