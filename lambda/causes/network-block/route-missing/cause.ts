import { ifSeen } from '../../../incident/observed.ts';
import { listed, resource, text } from '../../../incident/text.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { groupName, groupsOf, targetRef } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, type Moment, notApplicable, unsure } from '../../cause.ts';
import { alsoInTheWay, ENDS, missingIn, type PathsSeen, pathsTo, togetherWith } from '../path/judged-paths.ts';
import { type Reverted, revertedOn, toldAsReverted } from '../path/reverted-changes.ts';
import { closedTo, type Drops, errorsByDrop, explainsDrops, portsSaid, strengthOf } from '../path/silent-drops.ts';
import { fixesFor, type LostRoute, lostRoutesOn, lostSaid } from './lost-routes.ts';

export const routeMissing = defineCause({
  id: 'route-missing',
  category: 'network-block',
  title: 'No route leads from the load balancer to a target, or back',
  explains: `Inside a VPC the \`local\` route always leads from every subnet to every other. A target outside it, in a peered VPC or
behind a VPN, needs a route in the table of each of the load balancer's subnets, and one back. A route whose target is gone is a
blackhole: it stays in the table and drops what it takes, even within the VPC where it is more specific than \`local\`. Health checks
end in \`Target.Timeout\`, and requests in 504 after ten seconds.`,
  proof: `The table of each of the load balancer's subnets, the main one where none is named, is evaluated for each target, longest
prefix first: no route or a blackhole, and health checks time out: decisive. AWS itself gets through: circumstantial. A route that was
deleted before the errors and is there again, as CloudTrail shows: strong. The way back from another network is in tables that cannot
be seen from here.`,
  resembles: `A closed security group, a network ACL or a firewall on the host drop packets as silently; each is evaluated as
far as it can be seen. A missing route hits only targets outside the VPC, or behind the destination of a blackhole, and only
from the zones whose subnet has that table: targets in the same VPC go on working.`,
  remedy: `Give the route table the route that the tables of the load balancer's other subnets have, or mend what a blackhole
led to: a peering, an attachment to a transit gateway. Mind the way back, in the tables of the other network.`,
  prevention: `Keep the routes to peered networks in one stack with the peering or the transit gateway attachment, for every table of the
load balancer's subnets. An alarm on DeletePeering and DeleteRoute in CloudTrail tells before the users do.`,
  docs: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues',
  ],
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
