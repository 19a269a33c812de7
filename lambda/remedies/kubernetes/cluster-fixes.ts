import type { Change } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { isByControllerToo } from '../../semantics/kubernetes/annotations.ts';
import { clusterTargetIn } from '../../semantics/kubernetes/cluster-targets.ts';
import {
  type Affected,
  type ControlledResource,
  controlledResourcesOf,
} from '../../semantics/kubernetes/controlled-resources.ts';
import { controllerOf } from '../../semantics/kubernetes/controller-tags.ts';
import { ownerTitle } from '../owner.ts';
import { asCall, concerns, isSameCall, type Remedy } from '../remedy.ts';
import { annotationTwins } from '../writers/kubectl.ts';
import { type ClusterView, clusterLooks, clusterWideLooks } from './cluster-looks.ts';
import type { ClusterRemedy } from './cluster-remedy.ts';

/** A finding with its fixes, and what its cause knows of clusters. */
export interface ClusterFault extends Affected {
  readonly change?: Change | undefined;
  readonly fixes: readonly Remedy[];
  /** What mends it in the cluster where no command of AWS has a twin there; the way to take first comes first. */
  readonly mends: readonly ClusterRemedy[];
  readonly see: readonly ClusterView[];
}

/**
 * A finding's fixes, where a load balancer controller keeps a group that it affects. What is changed in AWS alone the
 * controller puts back: what mends it in the cluster comes first, and where to look there last.
 */
export function fixesWithCluster(found: ClusterFault, evidence: ObservedEvidence): readonly Remedy[] {
  const kept = controlledResourcesOf(found, evidence);
  const [first] = kept;
  if (first === undefined) {
    const bound = clusterTargetIn(found, evidence);
    return bound === null ? found.fixes : [...found.fixes, ...clusterWideLooks(bound)];
  }
  const twins = found.fixes.flatMap((fix) => annotationTwins(fix, subjectOf(fix, kept) ?? first));
  const remedies = found.mends.flatMap((mend) => mend(first, { found, evidence }));
  const own = found.fixes.filter((fix) => !remedies.some((remedy) => takesThePlaceOf(remedy, fix)));
  const fixes = [
    ...twins,
    ...remedies.filter(({ changes }) => changes),
    ...own.map((fix) => ownedBy(subjectOf(fix, kept) ?? first, fix)),
    ...remedies.filter(({ changes }) => !changes),
  ];
  const looks = clusterLooks(found.see, first, found);
  return [...fixes, ...looks.filter((look) => !fixes.some((fix) => verifiesBy(fix, look)))];
}

/** What is done by hand to the same end is done in the cluster. */
function takesThePlaceOf(remedy: Remedy, fix: Remedy): boolean {
  const byHand = remedy.changes && fix.changes && fix.run === null && remedy.run === null;
  return byHand && remedy.verify !== null && isSameCall(remedy.verify, fix.verify);
}

/** Then the reader is told to look there already. */
function verifiesBy({ verify }: Remedy, { run }: Remedy): boolean {
  return verify !== null && isSameCall(verify, run);
}

/** The group that a call names. */
function subjectOf({ run }: Remedy, kept: readonly ControlledResource[]): ControlledResource | undefined {
  return kept.find(({ arn }) => concerns(run, arn));
}

function ownedBy({ names }: ControlledResource, fix: Remedy): Remedy {
  const call = asCall(fix.run);
  if (!fix.changes || call === null || !isByControllerToo(call.operation)) return fix;
  const title = controllerOf(names.cluster);
  const { managedBy: owner } = fix;
  if (owner !== undefined && owner.kind !== 'controller') {
    return { ...fix, managedBy: { kind: 'other', title: `${title} and ${ownerTitle(owner)}` } };
  }
  // Who ran it stays.
  return { ...fix, managedBy: { ...owner, kind: 'controller', title } };
}
