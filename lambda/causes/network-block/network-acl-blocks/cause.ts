import type { NetworkAcl } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { count, listed, resource, text } from '../../../incident/text.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { groupName, groupsOf, targetRef } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, type Moment, notApplicable, unsure } from '../../cause.ts';
import { alsoInTheWay, ENDS, missingIn, pathsTo, togetherWith } from '../path/judged-paths.ts';
import { type Reverted, revertedOn, toldAsReverted } from '../path/reverted-changes.ts';
import { closedTo, type Drops, errorsByDrop, explainsDrops, portsSaid, strengthOf } from '../path/silent-drops.ts';
import { aclDropsOn, dropSaid, fixesFor } from './acl-drops.ts';

export const networkAclBlocks = defineCause({
  id: 'network-acl-blocks',
  category: 'network-block',
  title: 'A network ACL drops packets between the load balancer and its targets',
  explains: `Network ACLs keep no state: between two subnets, each of four directions needs a rule of its own. Out of the load
balancer's subnet and into the target's on the target's port; out of the target's subnet and into the load balancer's on the ports
1024-65535, from which the load balancer's nodes connect. What is dropped is dropped in silence: health checks end in
\`Target.Timeout\` and requests in 504 after ten seconds. Where a part of the return ports is open, a part of the connections fails.`,
  proof: `The rules of both ACLs are evaluated in all four directions; one drops packets, and health checks time out: decisive.
A part of the connections is dropped and requests end in 504 with connection errors: strong. AWS itself gets through:
circumstantial. Open now, and closed while the errors lasted, as changes before and after them in CloudTrail show: strong.`,
  resembles: `A closed security group looks the same from outside; both are evaluated. One subnet's ACL hits one zone only: the
errors are then in that zone's metrics. A security group that is closed leaves open connections alone, and errors rise slowly;
an ACL cuts those, too, at once.`,
  remedy: `Add an entry that allows, with a lower number than the rule that denies, for each direction that the report names:
into the target's subnet on its port, and back on 1024-65535. It takes all of them.`,
  prevention: `Leave network ACLs open inside the VPC and filter with security groups. Where they must filter, allow the whole
range 1024-65535 back: examples that open 32768-65535 only lose a part of a load balancer's connections.`,
  docs: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues',
  ],
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
