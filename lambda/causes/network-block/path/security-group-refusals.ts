import type { SecurityGroup } from '../../../incident/evidence.ts';
import type { Argv } from '../../../incident/finding.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { isSharedBackend } from '../../../semantics/kubernetes/controller.ts';
import type { Admission, EvaluatedGroup } from '../../../semantics/network/security-groups.ts';
import { isReachedOn, type TargetPath } from '../../../semantics/network/target-paths.ts';
import { groupName, groupsOf, targetRef } from '../../../semantics/targets/targets.ts';
import type { Found, Moment } from '../../cause.ts';
import { ruleRemoval } from '../../kit/changes.ts';
import { alsoInTheWay, togetherWith } from './judged-paths.ts';
import { revertedOn, toldAsReverted } from './reverted-changes.ts';
import { closedTo, type Drops, explainsDrops, strengthOf } from './silent-drops.ts';

/** What the rules about security groups share: one end of the path refuses, the other has no rule to name. */

export type Refusing = 'load-balancer-security-groups' | 'target-security-groups';

type Refusal = Extract<Admission, { is: 'closed' | 'partly' }>;

type RefusalFound = Found<
  'securityGroups',
  'securityGroups' | 'networkAcls' | 'routeTables' | 'targetHealth' | 'loadBalancerMetrics'
>;

/** A finding for each set of groups and each port. */
export function refusedBy(
  layer: Refusing,
  paths: readonly TargetPath[],
  securityGroups: readonly SecurityGroup[],
  drops: Drops,
): readonly RefusalFound[] {
  const refused = paths.filter((one) => refusalsOn([one], layer).length > 0);
  return groupBy(refused, (one) => `${groupIdsOn([one], layer).join(' ')} ${one.port}`).map((group) =>
    found(layer, group, paths, securityGroups, drops),
  );
}

/** What was refused when the errors began, and is not now. */
export function refusedThen(
  layer: Refusing,
  now: readonly TargetPath[],
  seen: Parameters<typeof revertedOn>[2],
  drops: Drops,
  moment: Moment,
): readonly Found<'securityGroups', 'securityGroups' | 'changes' | 'loadBalancerMetrics'>[] {
  const reverted = revertedOn(layer, now, seen, moment);
  if (reverted === null) return [];
  return refusedBy(layer, reverted.paths, [], drops).map((found) =>
    toldAsReverted(found, 'securityGroups', reverted, drops, moment, Number(found.facts?.port)),
  );
}

function found(
  layer: Refusing,
  paths: readonly [TargetPath, ...TargetPath[]],
  all: readonly TargetPath[],
  securityGroups: readonly SecurityGroup[],
  drops: Drops,
): RefusalFound {
  const [{ port, target }] = paths;
  const ids = groupIdsOn(paths, layer);
  const targets = paths.map((path) => path.target);
  const refusals = refusalsOn(paths, layer);
  const isPartly = paths.every(({ path }) => path.layers[layer] === 'partly-blocked');
  return {
    strength: strengthOf(paths, drops),
    says: text`${listed(ids.map(resource))} ${verbs(layer, ids.length === 1, isPartly)} port ${code(port)} of ${whose(paths, all)}`,
    because: [
      { from: 'securityGroups', shows: evaluatedSays(layer, refusals, port, isPartly, securityGroups) },
      { from: 'targetHealth', shows: closedTo(paths) },
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
      ...alsoInTheWay(paths, layer),
    ],
    affects: { targetGroups: groupsOf(targets), targets: targets.map(targetRef) },
    explains: explainsDrops(paths, all),
    restsOn: ids,
    together: togetherWith(paths, layer),
    fixes: fixesFor(layer, refusals, port, target.targetGroup, securityGroups),
    madeBy: [ruleRemoval(layer === 'target-security-groups' ? 'ingress' : 'egress', port)],
    facts: { securityGroups: ids, port, reachedNow: paths.some((one) => isReachedOn(one.target, port)) },
  };
}

function refusalsOn(paths: readonly TargetPath[], layer: Refusing): readonly Refusal[] {
  return paths.flatMap(({ path }) =>
    path.blockers.flatMap((one) => (one.layer === layer && 'groups' in one.verdict ? [one.verdict] : [])),
  );
}

function groupIdsOn(paths: readonly TargetPath[], layer: Refusing): readonly string[] {
  return [...new Set(refusalsOn(paths, layer).flatMap(({ groups }) => groups.map(({ id }) => id)))].sort();
}

function verbs(layer: Refusing, one: boolean, isPartly: boolean): Text {
  const not = one ? 'does not' : 'do not';
  if (layer === 'target-security-groups') {
    return text`${isPartly ? text`${one ? 'admits' : 'admit'} only a part of` : text`${not} admit`} the load balancer on`;
  }
  return isPartly
    ? text`${one ? 'lets' : 'let'} the load balancer out to a part only of`
    : text`${not} let the load balancer out to`;
}

/** `web`; of a group that is not refused as a whole `1 of 2 targets of web`. */
function whose(paths: readonly TargetPath[], all: readonly TargetPath[]): Text {
  const groups = groupsOf(paths.map(({ target }) => target));
  const names = listed(groups.map((arn) => resource(groupName(arn))));
  const registered = new Set(all.filter(({ group }) => groups.includes(group.arn)).map(({ target }) => target)).size;
  const refused = new Set(paths.map(({ target }) => target)).size;
  return refused === registered ? names : text`${refused} of ${count(registered, 'target')} of ${names}`;
}

function evaluatedSays(
  layer: Refusing,
  refusals: readonly Refusal[],
  port: number,
  isPartly: boolean,
  securityGroups: readonly SecurityGroup[],
): Text {
  const isOut = layer === 'load-balancer-security-groups';
  const groups = (refusals[0]?.groups ?? []).map(({ id, name, ports, peersOnPort }) => {
    const called = text`${resource(id)}${name === id ? '' : text` (${resource(name)})`}`;
    if (peersOnPort.length > 0) {
      const peers = listed(
        peersOnPort.map((peer) => (peer === id ? text`itself` : resource(peer))),
        6,
      );
      return text`${called} ${isOut ? text`lets out only to ${peers}` : text`admits only ${peers}`} on ${code(port)}`;
    }
    const open = ports.length === 0 ? text`no TCP port` : text`TCP ${listed(ports.map(rangeSaid), 6)}`;
    return text`${called} ${isOut ? text`lets ${open} out` : text`admits ${open}`}`;
  });
  const missing = listed(
    peersOf(refusals, securityGroups).map((peer) => resource(peer.id)),
    5,
  );
  return text`${listed(groups)}: no rule for ${isPartly ? 'all of ' : ''}${missing} on ${code(port)}`;
}

function rangeSaid({ from, to }: { readonly from: number; readonly to: number }) {
  if (from === 0 && to === 65535) return code('all ports');
  return code(from === to ? from : `${from}-${to}`);
}

interface NamedPeer {
  readonly is: 'group' | 'cidr';
  readonly id: string;
}

/** What a rule would have to name: a group of the other end; where those were not seen, its addresses. */
function peersOf(refusals: readonly Refusal[], securityGroups: readonly SecurityGroup[]): readonly NamedPeer[] {
  const shared = new Set(securityGroups.filter(isSharedBackend).map(({ id }) => id));
  const peers = refusals.flatMap(({ missing }): readonly NamedPeer[] => {
    const group = missing.groupIds.find((id) => shared.has(id)) ?? missing.groupIds[0];
    return group === undefined ? missing.cidrs.map((id) => ({ is: 'cidr', id })) : [{ is: 'group', id: group }];
  });
  return [...new Map(peers.map((peer) => [peer.id, peer])).values()];
}

const MOST_FIXES = 5;

/** A rule in the group that already serves the other end on other ports, else in the first one. */
function fixesFor(
  layer: Refusing,
  refusals: readonly Refusal[],
  port: number,
  targetGroup: string,
  securityGroups: readonly SecurityGroup[],
): readonly Remedy[] {
  const groups = refusals[0]?.groups ?? [];
  const into: EvaluatedGroup | undefined = groups.find(({ portsForPeer }) => portsForPeer.length > 0) ?? groups[0];
  if (into === undefined) return [];
  const tags = securityGroups.find(({ id }) => id === into.id)?.tags ?? {};
  const isOut = layer === 'load-balancer-security-groups';
  const way = isOut ? 'egress' : 'ingress';
  const peers = peersOf(refusals, securityGroups).slice(0, MOST_FIXES);
  const admitted = peers.map((peer) => {
    const rule = ['--group-id', into.id, ...permission(peer, port)];
    const from = peers.length === 1 ? text`in` : text`in from ${resource(peer.id)}`;
    return {
      does: text`let the load balancer ${isOut ? text`out to ${resource(peer.id)}` : from} on port ${code(port)}`,
      run: ['aws', 'ec2', `authorize-security-group-${way}`, ...rule],
      changes: true,
      undo: ['aws', 'ec2', `revoke-security-group-${way}`, ...rule],
      verify: showHealth(targetGroup),
      ...managedByField(tags),
    };
  });
  return inSteps(admitted);
}

/** The short form of the command line knows no IPv6. */
function permission({ is, id }: NamedPeer, port: number): Argv {
  if (is === 'cidr' && id.includes(':')) {
    const ranges = `Ipv6Ranges=[{CidrIpv6=${id}}]`;
    return ['--ip-permissions', `IpProtocol=tcp,FromPort=${port},ToPort=${port},${ranges}`];
  }
  return ['--protocol', 'tcp', '--port', String(port), is === 'group' ? '--source-group' : '--cidr', id];
}
