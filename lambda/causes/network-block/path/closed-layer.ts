import type { Errors } from '../../../computed/errors.ts';
import type { Paths } from '../../../computed/paths.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { CauseId } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { Evidence, EvidenceKey } from '../../../incident/evidence.ts';
import type { Json } from '../../../incident/finding.ts';
import type { Gap, Observed } from '../../../incident/observed.ts';
import { count, type Text } from '../../../incident/text.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import type { ChangeKind } from '../../../semantics/changes/change-kinds.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { NotSeen } from '../../../semantics/network/not-seen.ts';
import type { PathLayer } from '../../../semantics/network/path.ts';
import type { TakenPath } from '../../../semantics/network/taken-paths.ts';
import { isReachedOn, type TargetPath } from '../../../semantics/network/target-paths.ts';

/** What every cause about the network needs; on top of it each needs the layer it judges, and uses the others. */
export const ENDS = [
  'loadBalancer',
  'targetHealth',
  'targetGroups',
  'subnets',
  'instances',
  'targetInterfaces',
] as const satisfies readonly EvidenceKey[];

/** What packets that do not arrive look like on the targets. */
export const SILENCES: readonly CauseId[] = [
  'unresponsive-backend',
  'slower-than-idle-timeout',
  'host-firewall',
  'no-registered-targets',
];

/** What every cause about one layer is judged by, besides that layer. */
export interface PathsSeen {
  readonly paths: Paths;
  readonly errors: Errors | undefined;
  readonly traffic: TrafficByGroups | undefined;
  readonly changes: Observed<Evidence['changes']>;
  readonly prefixLists: Observed<Evidence['prefixLists']>;
  /** To what ECS took away around the errors; `undefined` where what tells of that was not seen. */
  readonly takenPaths: readonly TakenPath[] | undefined;
}

export type LayerEvidence = 'securityGroups' | 'networkAcls' | 'routeTables';

/** At least one, all closed for the same reason. */
export type ClosedPaths<P extends TargetPath = TargetPath> = readonly [P, ...P[]];

/** One layer of the paths, as the cause knows it that is about this layer. */
export interface Layer<From extends LayerEvidence = LayerEvidence> {
  readonly name: PathLayer;
  readonly from: From;
  /** Why it closes a path: the same for all that are one finding; `null` where it does not. */
  reasonOn(path: TargetPath): string | null;
  /** `all`: whether closed or not. */
  tell(closed: ClosedPaths, all: readonly TargetPath[]): Closure;
  /** Said where it closes none. */
  whereOpen(all: readonly TargetPath[]): Text;
}

/** What is told of paths that a layer closes. */
export interface Closure {
  readonly says: Text;
  /** The same of what is mended since. */
  readonly said: Text;
  /** What the layer does to their packets. */
  readonly shows: readonly Text[];
  readonly restsOn: readonly string[];
  readonly fixes: readonly Remedy[];
  readonly madeBy?: readonly ChangeKind[];
  /** Where rules for one port close it: changes to those for others have not made it. */
  readonly port?: number;
  readonly facts: { readonly [key: string]: Json };
}

export function closedIn<P extends TargetPath>({ reasonOn }: Layer, paths: readonly P[]): readonly ClosedPaths<P>[] {
  const closed = paths.filter((one) => reasonOn(one) !== null);
  return groupBy(closed, (one) => reasonOn(one) ?? '');
}

const EVIDENCE_OF = {
  'security-group': 'securityGroups',
  'network-acl': 'networkAcls',
  'route-table': 'routeTables',
  'nat-gateway': 'routeTables',
  'prefix-list': 'prefixLists',
  subnet: 'subnets',
  interface: 'targetInterfaces',
  instance: 'instances',
} as const satisfies Record<NotSeen['kind'], EvidenceKey>;

/** Evidence of the paths that a cause can do without: it tells itself what was not read of it. */
type Unneeded = Partial<Record<EvidenceKey, Observed<readonly unknown[]>>>;

/** What a denial would rest on and was not seen, on targets that AWS itself does not call reachable there. */
export function missingIn(layer: PathLayer, paths: readonly TargetPath[], unneeded: Unneeded): readonly Missing[] {
  const unknown = paths.filter(
    ({ target, port, path }) => path.layers[layer] === 'unknown' && !isReachedOn(target, port),
  );
  const notSeen = unknown.flatMap(({ path }) => path.notSeenIn[layer]);
  return [...new Set(notSeen.map(({ kind }) => EVIDENCE_OF[kind]))].map((evidence): Missing => {
    const own = notSeen.filter(({ kind }) => EVIDENCE_OF[kind] === evidence);
    const ids = [...new Set(own.map(({ id }) => id))].sort();
    const observed = unneeded[evidence];
    const gaps: readonly Gap[] = observed === undefined ? [] : observed.seen ? observed.gaps : [observed];
    const gap = gaps.find((one) => one.ids === undefined || one.ids.some((id) => ids.includes(id)));
    const unjudged = {
      why: 'partial',
      detail: `the path to ${count(unknown.length, 'target')} could not be judged`,
    } as const;
    const { why, detail, action }: Omit<Gap, 'ids'> = gap ?? unjudged;
    return { evidence, ids, why, detail, ...(action === undefined ? {} : { action }) };
  });
}
