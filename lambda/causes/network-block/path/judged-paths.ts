import type { CauseId } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { Evidence, EvidenceKey } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import { type Gap, ifSeen, type Observed } from '../../../incident/observed.ts';
import { count, listed, resource, type Text, text } from '../../../incident/text.ts';
import type { NotSeen } from '../../../semantics/network/not-seen.ts';
import type { PathBlocker, PathLayer } from '../../../semantics/network/path.ts';
import { isReachedOn, type TargetPath, targetPaths } from '../../../semantics/network/target-paths.ts';

/** What every rule about the network needs; on top of it each needs the layer it judges, and uses the others. */
export const ENDS = [
  'loadBalancer',
  'targetHealth',
  'targetGroups',
  'subnets',
  'instances',
  'targetInterfaces',
] as const satisfies readonly EvidenceKey[];

type LayerKey = 'securityGroups' | 'networkAcls' | 'routeTables' | 'prefixLists' | 'loadBalancerInterfaces';

/** The evidence of all layers, as values where a rule needs it and as observed where it uses it. */
export type PathsSeen = Pick<Evidence, (typeof ENDS)[number]> & {
  readonly [K in LayerKey]: Evidence[K] | Observed<Evidence[K]>;
} & { readonly targetGroupAttributes: Observed<Evidence['targetGroupAttributes']> };

/** The paths to all targets. Every rule judges all layers: so they are judged once, and each can name what else blocks. */
export function pathsTo(seen: PathsSeen): readonly TargetPath[] {
  const { loadBalancer, targetHealth, targetGroups, subnets, instances, targetInterfaces } = seen;
  return targetPaths({
    ...{ loadBalancer, targetHealth, targetGroups, subnets, instances, targetInterfaces },
    loadBalancerInterfaces: valueIfSeen(seen.loadBalancerInterfaces),
    securityGroups: valueIfSeen(seen.securityGroups),
    networkAcls: valueIfSeen(seen.networkAcls),
    routeTables: valueIfSeen(seen.routeTables),
    prefixLists: valueIfSeen(seen.prefixLists),
    targetGroupAttributes: ifSeen(seen.targetGroupAttributes),
  });
}

function valueIfSeen<T extends readonly unknown[]>(part: T | Observed<T>): T | undefined {
  return isObserved(part) ? ifSeen(part) : part;
}

function isObserved<T extends readonly unknown[]>(part: T | Observed<T>): part is Observed<T> {
  return 'seen' in part;
}

type Decides = Exclude<LayerKey, 'loadBalancerInterfaces'> | 'subnets' | 'instances' | 'targetInterfaces';

const EVIDENCE_OF: Readonly<Record<NotSeen['kind'], Decides>> = {
  'security-group': 'securityGroups',
  'network-acl': 'networkAcls',
  'route-table': 'routeTables',
  'nat-gateway': 'routeTables',
  'prefix-list': 'prefixLists',
  subnet: 'subnets',
  interface: 'targetInterfaces',
  instance: 'instances',
};

/** What a denial would rest on and was not seen, on targets that AWS itself does not call reachable there. */
export function missingIn(paths: readonly TargetPath[], layer: PathLayer, seen: PathsSeen): readonly Missing[] {
  const unknown = paths.filter(
    ({ target, port, path }) => path.layers[layer] === 'unknown' && !isReachedOn(target, port),
  );
  const notSeen = unknown.flatMap(({ path }) => path.notSeenIn[layer]);
  const kinds = new Set(notSeen.map(({ kind }) => EVIDENCE_OF[kind]));
  return [...kinds].map((evidence) => {
    const own = notSeen.filter(({ kind }) => EVIDENCE_OF[kind] === evidence);
    const ids = [...new Set(own.map(({ id }) => id))].sort();
    return { evidence, ids, ...whyOf(evidence, ids, unknown.length, seen) };
  });
}

function whyOf(evidence: Decides, ids: readonly string[], targets: number, seen: PathsSeen) {
  const failure = failuresIn(evidence, seen).find(
    (one) => one.ids === undefined || one.ids.some((id) => ids.includes(id)),
  );
  if (failure === undefined) {
    return { why: 'partial' as const, detail: `the path to ${count(targets, 'target')} could not be judged` };
  }
  const { why, detail, action } = failure;
  return { why, detail, ...(action === undefined ? {} : { action }) };
}

function failuresIn(evidence: Decides, seen: PathsSeen): readonly Gap[] {
  if (evidence === 'subnets' || evidence === 'instances' || evidence === 'targetInterfaces') return [];
  const part: readonly unknown[] | Observed<readonly unknown[]> = seen[evidence];
  if (!isObserved(part)) return [];
  return part.seen ? part.gaps : [part];
}

/** What else stops packets on these paths: mending one layer alone would not open them. */
export function alsoInTheWay(
  paths: readonly TargetPath[],
  own: PathLayer,
): readonly Citation<Text, 'securityGroups' | 'networkAcls' | 'routeTables'>[] {
  const others = paths.flatMap(({ path }) => path.blockers).filter(({ layer }) => layer !== own);
  return LAYERS.flatMap(({ from, layers }) => {
    const ids = new Set(others.filter(({ layer }) => layers.includes(layer)).flatMap(idsOf));
    if (ids.size === 0) return [];
    const names = listed([...ids].sort().map(resource), 5);
    return [
      { from, shows: text`not this alone: ${names} ${ids.size === 1 ? 'stops' : 'stop'} packets on this path too` },
    ];
  });
}

const CAUSE_IN: Readonly<Record<PathLayer, CauseId>> = {
  'load-balancer-security-groups': 'load-balancer-security-group-closed',
  'target-security-groups': 'target-security-group-closed',
  'network-acls': 'network-acl-blocks',
  routes: 'route-missing',
};

/** The causes that stop packets on these paths besides the own one. */
export function togetherWith(paths: readonly TargetPath[], own: PathLayer): readonly CauseId[] {
  const others = paths.flatMap(({ path }) => path.blockers).filter(({ layer }) => layer !== own);
  return [...new Set(others.map(({ layer }) => CAUSE_IN[layer]))].sort();
}

const LAYERS: readonly {
  readonly from: 'securityGroups' | 'networkAcls' | 'routeTables';
  readonly layers: readonly PathLayer[];
}[] = [
  { from: 'securityGroups', layers: ['load-balancer-security-groups', 'target-security-groups'] },
  { from: 'networkAcls', layers: ['network-acls'] },
  { from: 'routeTables', layers: ['routes'] },
];

function idsOf({ verdict }: PathBlocker): readonly string[] {
  if ('groups' in verdict) return verdict.groups.map(({ id }) => id);
  if ('aclId' in verdict) return [verdict.aclId];
  return 'lost' in verdict ? [verdict.tableId] : [];
}
