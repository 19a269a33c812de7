import type { LoadBalancer, RouteTable } from '../../../incident/evidence.ts';
import { andList, code, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { routeAsNeighbours } from '../../../remedies/route.ts';
import { routeChange, subnetSwitch } from '../../../semantics/changes/change-kinds.ts';
import { type LostRoute, lostRoutesOn } from '../../../semantics/network/lost-routes.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { defineCause } from '../../cause.ts';
import { type ClosedPaths, type Closure, ENDS, SILENCES } from '../path/closed-layer.ts';
import { examineLayer } from '../path/layer-examination.ts';
import { pathGroupsSaid, pathPortsSaid } from '../path/silent-drops.ts';

export default defineCause({
  id: 'route-missing',
  needs: [...ENDS, 'routeTables', 'paths'],
  uses: ['prefixLists', 'errors', 'traffic', 'changes', 'takenPaths'],
  breaksHealthChecks: true,
  causes: SILENCES,
  ofSettings: true,
  madeBy: [routeChange],
  setOffBy: [subnetSwitch],

  examine(seen, moment) {
    return examineLayer(
      {
        name: 'routes',
        from: 'routeTables',
        reasonOn,
        tell: (closed) => closureOf(closed, seen.routeTables, seen.loadBalancer),
        whereOpen: (all) =>
          text`routes lead from the load balancer's subnets to every target on ${pathPortsSaid(all)}, and back`,
      },
      seen,
      moment,
    );
  },
});

function reasonOn(path: TargetPath): string | null {
  const lost = lostRoutesOn([path]);
  return lost.length === 0 ? null : JSON.stringify(lost.map(({ tableId, route }) => [tableId, route?.destination]));
}

function closureOf(closed: ClosedPaths, routeTables: readonly RouteTable[], loadBalancer: LoadBalancer): Closure {
  const [{ target }] = closed;
  const lost = lostRoutesOn(closed);
  const tables = [...new Set(lost.map(({ tableId }) => tableId))];
  const destinations = [...new Set(lost.flatMap((one) => one.destinations))];
  const what = lost.every(({ route }) => route?.state === 'blackhole') ? 'a blackhole route' : 'no route';
  const whose = new Set(closed.map((one) => one.target)).size === 1 ? 'a target' : 'targets';
  const headline = (verb: 'has' | 'have' | 'had') =>
    text`Route table ${andList(tables.map(resource))} ${verb} ${what} for ${andList(destinations.map(resource), 2)}, ${whose} of ${pathGroupsSaid(closed)}`;
  return {
    says: headline(tables.length === 1 ? 'has' : 'have'),
    said: headline('had'),
    shows: lost.slice(0, 4).map(lossSaid),
    restsOn: tables,
    fixes: routeAsNeighbours(lost, routeTables, loadBalancer, showHealth(target.targetGroup)),
    facts: { routeTables: tables, destinations },
  };
}

function lossSaid({ tableId, isMain, subnetIds, destinations, route }: LostRoute): Text {
  const table = text`${resource(tableId)}${isMain ? ' (the main table)' : ''} of ${andList(subnetIds.map(resource))}`;
  const to = andList(destinations.map(resource), 4);
  if (route === null) return text`${table} has no route to ${to}`;
  if (route.state === 'blackhole') {
    return text`${table} sends ${resource(route.destination)} to ${resource(route.target.id)}, which is gone: ${code('blackhole')}`;
  }
  return text`${table} has only ${resource(route.destination)} to ${resource(route.target.id)} for ${to}: an internet gateway does not route private addresses`;
}
