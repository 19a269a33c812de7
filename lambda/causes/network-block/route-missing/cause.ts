import { ifSeen } from '../../../incident/observed.ts';
import { listed, resource, text } from '../../../incident/text.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { groupName, groupsOf, targetRef } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, type Moment, notApplicable, unsure } from '../../cause.ts';
import { routeChange, subnetSwitch } from '../../kit/changes.ts';
import { alsoInTheWay, ENDS, missingIn, type PathsSeen, pathsTo, togetherWith } from '../path/judged-paths.ts';
import { type Reverted, revertedOn, toldAsReverted } from '../path/reverted-changes.ts';
import { closedTo, type Drops, errorsByDrop, explainsDrops, portsSaid, strengthOf } from '../path/silent-drops.ts';
import { fixesFor, type LostRoute, lostRoutesOn, lostSaid } from './lost-routes.ts';

export default defineCause({
  id: 'route-missing',
  needs: [...ENDS, 'routeTables'],
  uses: [
    'loadBalancerInterfaces',
    'targetGroupAttributes',
    'securityGroups',
    'networkAcls',
    'prefixLists',
    'loadBalancerMetrics',
    'changes',
  ],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'host-firewall', 'no-registered-targets'],
  ofSettings: true,
  madeBy: [routeChange],
  setOffBy: [subnetSwitch],

  examine(seen, moment) {
    const paths = pathsTo(seen);
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const drops = errorsByDrop(ifSeen(seen.loadBalancerMetrics), moment.window);
    const reverted = revertedOn('routes', paths, seen, moment);
    const findings = [
      ...byRoutes(paths).map((group) => found(group, seen, drops, paths)),
      ...(reverted === null ? [] : lostThen(reverted, seen, drops, paths, moment)),
    ];
    const [missing, ...more] = missingIn(paths, 'routes', seen);
    if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
    return foundOr(
      findings,
      text`routes lead from the load balancer's subnets to every target on ${portsSaid(paths)}, and back`,
    );
  },
});

type Seen = PathsSeen & { readonly routeTables: Parameters<typeof fixesFor>[1] };

function lostThen(reverted: Reverted, seen: Seen, drops: Drops, all: readonly TargetPath[], moment: Moment) {
  return byRoutes(reverted.paths).map((group) =>
    toldAsReverted(found(group, seen, drops, all), 'routeTables', reverted, drops, moment),
  );
}

/** Targets that are lost for the same reason are one finding. */
function byRoutes(paths: readonly TargetPath[]): readonly (readonly [TargetPath, ...TargetPath[]])[] {
  const lost = paths.filter((one) => lostRoutesOn([one]).length > 0);
  return groupBy(lost, (one) => JSON.stringify(lostRoutesOn([one]).map(keyOf)));
}

function keyOf({ tableId, route }: LostRoute): readonly (string | null)[] {
  return [tableId, route?.destination ?? null];
}

function found(
  paths: readonly [TargetPath, ...TargetPath[]],
  seen: Seen,
  drops: Drops,
  all: readonly TargetPath[],
): Found<'routeTables', 'securityGroups' | 'networkAcls' | 'routeTables' | 'targetHealth' | 'loadBalancerMetrics'> {
  const targets = paths.map(({ target }) => target);
  const lost = lostRoutesOn(paths);
  const [proof = text``, ...more] = lost.map(lostSaid);
  const tables = [...new Set(lost.map(({ tableId }) => tableId))];
  const is = lost.every(({ route }) => route?.state === 'blackhole') ? 'a route to nowhere' : 'no route';
  const destinations = [...new Set(lost.flatMap((one) => one.destinations))];
  return {
    strength: strengthOf(paths, drops),
    says: text`Route table ${listed(tables.map(resource))} ${tables.length === 1 ? 'has' : 'have'} ${is} for ${listed(destinations.map(resource), 2)}, ${new Set(targets).size === 1 ? 'a target' : 'targets'} of ${listed(groupsOf(targets).map((arn) => resource(groupName(arn))))}`,
    because: [
      { from: 'routeTables', shows: proof },
      ...more.slice(0, 3).map((shows) => ({ from: 'routeTables' as const, shows })),
      { from: 'targetHealth', shows: closedTo(paths) },
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
      ...alsoInTheWay(paths, 'routes'),
    ],
    affects: { targetGroups: groupsOf(targets), targets: targets.map(targetRef) },
    explains: explainsDrops(paths, all),
    restsOn: tables,
    together: togetherWith(paths, 'routes'),
    fixes: fixesFor(lost, seen.routeTables, seen.loadBalancer, paths[0].target.targetGroup),
    facts: { routeTables: tables, destinations },
  };
}
