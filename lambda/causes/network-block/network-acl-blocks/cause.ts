import type { NetworkAcl } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { count, listed, resource, text } from '../../../incident/text.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { groupName, groupsOf, targetRef } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, type Moment, notApplicable, unsure } from '../../cause.ts';
import { aclDenial, subnetSwitch } from '../../kit/changes.ts';
import { alsoInTheWay, ENDS, missingIn, pathsTo, togetherWith } from '../path/judged-paths.ts';
import { type Reverted, revertedOn, toldAsReverted } from '../path/reverted-changes.ts';
import { closedTo, type Drops, errorsByDrop, explainsDrops, portsSaid, strengthOf } from '../path/silent-drops.ts';
import { aclDropsOn, dropSaid, fixesFor } from './acl-drops.ts';

export default defineCause({
  id: 'network-acl-blocks',
  needs: [...ENDS, 'networkAcls'],
  uses: [
    'loadBalancerInterfaces',
    'targetGroupAttributes',
    'securityGroups',
    'routeTables',
    'prefixLists',
    'loadBalancerMetrics',
    'changes',
  ],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'host-firewall', 'no-registered-targets'],
  ofSettings: true,
  madeBy: [aclDenial],
  setOffBy: [subnetSwitch],

  examine(seen, moment) {
    const paths = pathsTo(seen);
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const drops = errorsByDrop(ifSeen(seen.loadBalancerMetrics), moment.window);
    const reverted = revertedOn('network-acls', paths, seen, moment);
    const findings = [
      ...byAcls(paths).map((group) => found(group, seen.networkAcls, drops, paths)),
      ...(reverted === null ? [] : blockedThen(reverted, paths, drops, moment)),
    ];
    const [missing, ...more] = missingIn(paths, 'network-acls', seen);
    if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
    return foundOr(
      findings,
      text`the network ACLs let the load balancer's subnets and the targets talk on ${portsSaid(paths)}, both ways`,
    );
  },
});

function blockedThen(reverted: Reverted, now: readonly TargetPath[], drops: Drops, moment: Moment) {
  return byAcls(reverted.paths).map((group) =>
    toldAsReverted(found(group, [], drops, now), 'networkAcls', reverted, drops, moment),
  );
}

function byAcls(paths: readonly TargetPath[]): readonly (readonly [TargetPath, ...TargetPath[]])[] {
  return groupBy(
    paths.filter((one) => aclsOn(one).length > 0),
    (one) => aclsOn(one).join(' '),
  );
}

function aclsOn(path: TargetPath): readonly string[] {
  return [...new Set(aclDropsOn([path]).map(({ aclId }) => aclId))].sort();
}

function found(
  paths: readonly [TargetPath, ...TargetPath[]],
  networkAcls: readonly NetworkAcl[],
  drops: Drops,
  all: readonly TargetPath[],
): Found<'networkAcls', 'networkAcls' | 'securityGroups' | 'routeTables' | 'targetHealth' | 'loadBalancerMetrics'> {
  const [first] = paths;
  const targets = paths.map(({ target }) => target);
  const dropped = aclDropsOn(paths);
  const [proof = text``, ...more] = dropped.map(dropSaid);
  const acls = aclsOn(first);
  const whole = paths.some(({ path }) => path.layers['network-acls'] === 'blocked');
  return {
    strength: strengthOf(paths, drops),
    says: text`Network ACL ${listed(acls.map(resource))} drops ${whole ? 'the packets' : 'a part of the packets'} between the load balancer and ${count(new Set(targets.map(({ id }) => id)).size, 'target')} of ${listed(groupsOf(targets).map((arn) => resource(groupName(arn))))}`,
    because: [
      { from: 'networkAcls', shows: proof },
      ...more.slice(0, 5).map((shows) => ({ from: 'networkAcls' as const, shows })),
      { from: 'targetHealth', shows: closedTo(paths) },
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
      ...alsoInTheWay(paths, 'network-acls'),
    ],
    affects: { targetGroups: groupsOf(targets), targets: targets.map(targetRef) },
    explains: explainsDrops(paths, all),
    restsOn: [...acls, ...new Set(paths.flatMap(({ path }) => path.pairs.map(({ from }) => from)))],
    together: togetherWith(paths, 'network-acls'),
    fixes: fixesFor(dropped, networkAcls, first.target.targetGroup),
    facts: { networkAcls: acls },
  };
}
