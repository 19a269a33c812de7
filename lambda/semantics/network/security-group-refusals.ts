import type { SecurityGroup } from '../../incident/evidence.ts';
import { isSharedBackend } from '../kubernetes/controller.ts';
import type { Admission } from './security-groups.ts';
import type { TargetPath } from './target-paths.ts';

/** The end of a path whose groups may refuse the other. */
export type RefusingEnd = 'load-balancer-security-groups' | 'target-security-groups';

export type SecurityGroupRefusal = Extract<Admission, { is: 'closed' | 'partly' }>;

/** Whom a rule of a security group names: another group, or addresses in CIDR notation. */
export interface RulePeer {
  readonly is: 'group' | 'cidr';
  readonly id: string;
}

/** The verdicts by which the groups of one end refuse the other on these paths. */
export function refusalsOn(paths: readonly TargetPath[], layer: RefusingEnd): readonly SecurityGroupRefusal[] {
  return paths.flatMap(({ path }) =>
    path.blockers.flatMap((one) => (one.layer === layer && 'groups' in one.verdict ? [one.verdict] : [])),
  );
}

/** The groups that refuse. */
export function refusingGroupsOn(paths: readonly TargetPath[], layer: RefusingEnd): readonly string[] {
  return [...new Set(refusalsOn(paths, layer).flatMap(({ groups }) => groups.map(({ id }) => id)))].sort();
}

/** What a rule would have to name: a group of the other end; where those were not seen, its addresses. */
export function peersToAdmit(
  refusals: readonly SecurityGroupRefusal[],
  securityGroups: readonly SecurityGroup[],
): readonly RulePeer[] {
  const shared = new Set(securityGroups.filter(isSharedBackend).map(({ id }) => id));
  const peers = refusals.flatMap(({ missing }): readonly RulePeer[] => {
    const group = missing.groupIds.find((id) => shared.has(id)) ?? missing.groupIds[0];
    return group === undefined ? missing.cidrs.map((id) => ({ is: 'cidr', id })) : [{ is: 'group', id: group }];
  });
  return [...new Map(peers.map((peer) => [peer.id, peer])).values()];
}
