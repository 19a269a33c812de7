import type { Found } from '../../causes/cause.ts';
import type { CauseId } from '../../incident/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import { CONTROLLER, controllerOf } from '../../semantics/kubernetes/controller-tags.ts';
import { annotationTwins } from './annotation-fixes.ts';
import { clusterLookCommands, clusterTargetIn } from './cluster-targets.ts';
import { type ControlledResource, controlledResourcesOf } from './controlled-resources.ts';
import { lookCommands } from './look-commands.ts';
import { remediesFor } from './remedies-by-cause.ts';

/**
 * A finding's fixes, where a load balancer controller keeps a group that it affects. What is changed in AWS alone the
 * controller puts back: what mends it in the cluster comes first, and where to look there last.
 */
export function fixesWithCluster(cause: CauseId, found: Found, evidence: ObservedEvidence): readonly Fix<Text>[] {
  const kept = controlledResourcesOf(found, evidence);
  const [first] = kept;
  if (first === undefined) {
    const bound = clusterTargetIn(found, evidence);
    return bound === null ? found.fixes : [...found.fixes, ...clusterLookCommands(bound)];
  }
  const twins = found.fixes.flatMap((fix) => annotationTwins(fix, subjectOf(fix, kept) ?? first));
  const remedies = remediesFor(cause, found, first, evidence);
  const own = found.fixes.filter((fix) => !remedies.some((remedy) => takesThePlaceOf(remedy, fix)));
  const fixes = [
    ...twins,
    ...remedies.filter(({ changes }) => changes),
    ...own.map((fix) => ownedBy(subjectOf(fix, kept) ?? first, fix)),
    ...remedies.filter(({ changes }) => !changes),
  ];
  return [...fixes, ...lookCommands(cause, first, found).filter((look) => !fixes.some((fix) => verifiedBy(fix, look)))];
}

/** What is done by hand to the same end is done in the cluster. */
function takesThePlaceOf(remedy: Fix<Text>, fix: Fix<Text>): boolean {
  return remedy.changes && fix.changes && fix.run === null && remedy.run === null && verifiedAlike(remedy, fix);
}

function verifiedAlike({ verify }: Fix<Text>, other: Fix<Text>): boolean {
  return verify !== null && JSON.stringify(verify) === JSON.stringify(other.verify);
}

/** Then the reader is told to look there already. */
function verifiedBy({ verify }: Fix<Text>, { run }: Fix<Text>): boolean {
  return verify !== null && JSON.stringify(verify) === JSON.stringify(run);
}

/** The group that a command names. */
function subjectOf({ run }: Fix<Text>, kept: readonly ControlledResource[]): ControlledResource | undefined {
  return kept.find(({ arn }) => run?.includes(arn));
}

const KEPT = [
  /^modify-(target-group|listener|rule|load-balancer)/,
  /^(de)?register-targets$/,
  /^(authorize|revoke)-security-group-/,
];

/** Targets, health checks, rules and the security group rules between load balancer and pods are the controller's. */
function ownedBy({ names }: ControlledResource, fix: Fix<Text>): Fix<Text> {
  const [program, , operation = ''] = fix.run ?? [];
  if (!fix.changes || program !== 'aws' || !KEPT.some((pattern) => pattern.test(operation))) return fix;
  const controller = controllerOf(names.cluster);
  const { managedBy: owner = controller } = fix;
  if (owner.startsWith(controller)) return fix.managedBy === undefined ? { ...fix, managedBy: controller } : fix;
  // Who ran it stays.
  if (owner.startsWith(CONTROLLER)) return { ...fix, managedBy: `${controller}${owner.slice(CONTROLLER.length)}` };
  return { ...fix, managedBy: `${controller} and ${owner}` };
}
