import type { CauseId } from '../../../incident/cause.ts';
import type { Citation } from '../../../incident/finding.ts';
import { andList, resource, type Text, text } from '../../../incident/text.ts';
import type { PathBlocker, PathLayer } from '../../../semantics/network/path.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import type { LayerEvidence } from './closed-layer.ts';

const CAUSE_IN: Readonly<Record<PathLayer, CauseId>> = {
  'load-balancer-security-groups': 'load-balancer-security-group-closed',
  'target-security-groups': 'target-security-group-closed',
  'network-acls': 'network-acl-blocks',
  routes: 'route-missing',
};

/** The causes that stop packets on these paths besides the own one. */
export function togetherWith(paths: readonly TargetPath[], own: PathLayer): readonly CauseId[] {
  return [...new Set(otherBlockers(paths, own).map(({ layer }) => CAUSE_IN[layer]))].sort();
}

/** What else stops packets on these paths: mending one layer alone would not open them. */
export function alsoInTheWay(paths: readonly TargetPath[], own: PathLayer): readonly Citation<Text, LayerEvidence>[] {
  const others = otherBlockers(paths, own).map(stoppedBy);
  return (['securityGroups', 'networkAcls', 'routeTables'] as const).flatMap((from) => {
    const ids = [...new Set(others.flatMap((other) => (other.from === from ? other.ids : [])))].sort();
    if (ids.length === 0) return [];
    const stop = ids.length === 1 ? 'blocks' : 'block';
    return [
      { from, shows: text`not the only block: ${andList(ids.map(resource), 5)} also ${stop} traffic on this path` },
    ];
  });
}

function otherBlockers(paths: readonly TargetPath[], own: PathLayer): readonly PathBlocker[] {
  return paths.flatMap(({ path }) => path.blockers).filter(({ layer }) => layer !== own);
}

function stoppedBy({ verdict }: PathBlocker): { readonly from: LayerEvidence; readonly ids: readonly string[] } {
  if ('groups' in verdict) return { from: 'securityGroups', ids: verdict.groups.map(({ id }) => id) };
  if ('aclId' in verdict) return { from: 'networkAcls', ids: [verdict.aclId] };
  return { from: 'routeTables', ids: 'lost' in verdict ? [verdict.tableId] : [] };
}
