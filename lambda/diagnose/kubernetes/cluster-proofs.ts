import type { Candidate } from '../../causes/cause.ts';
import { cite } from '../../causes/cite.ts';
import type { Citation } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { code, resource, type Text, text } from '../../incident/text.ts';
import { namespaceSaid } from '../../remedies/kubernetes/cluster-words.ts';
import { type ClusterTarget, clusterTargetIn } from '../../semantics/kubernetes/cluster-targets.ts';
import {
  type ControlledResource,
  controlledResourcesAmong,
  controlledResourcesOf,
} from '../../semantics/kubernetes/controlled-resources.ts';
import type { KubernetesNames } from '../../semantics/kubernetes/controller-tags.ts';

const GROUPS_AT_MOST = 3;

/** What stands behind groups that a load balancer controller keeps. */
export function clusterProofsOfGroups(arns: readonly string[], evidence: ObservedEvidence): readonly Citation<Text>[] {
  return controlledResourcesAmong(arns, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
}

/** What of a cluster stands behind what a finding affects: its last proof, by the names that the cluster's people know. */
export function clusterProofsOf(found: Candidate, evidence: ObservedEvidence): readonly Citation<Text>[] {
  const kept = controlledResourcesOf(found, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
  if (kept.length > 0) return kept;
  const bound = clusterTargetIn(found, evidence);
  return bound === null ? [] : [proofOf(bound)];
}

function proofOf(target: ClusterTarget): Citation<Text> {
  const cluster = target.cluster === null ? text`` : text` of cluster ${resource(target.cluster)}`;
  return target.is === 'pod'
    ? cite.targetInterfaces`${resource(target.id)} is the address of a pod${cluster}: ${resource(target.interfaceId)}, an interface of a node, holds it`
    : cite.instances`${resource(target.id)} is a node${cluster}: a pod on any node may answer on it`;
}

/** Which object of the cluster a group stands for: where the people of the cluster know it by. */
function standsFor({ name, names }: ControlledResource): Citation<Text, 'tags'> {
  return { from: 'tags', shows: text`${resource(name)} is ${purpose(names)}` };
}

function purpose(names: KubernetesNames): Text {
  const { ingress, service } = names;
  const to = service === null ? null : text`service ${resource(service)}${portOf(names)}`;
  if (ingress !== null && to !== null)
    return text`what ingress ${resource(ingress)} of ${namespaceSaid(names)} sends to ${to}`;
  if (ingress !== null) return text`kept for ingress ${resource(ingress)} of ${namespaceSaid(names)}`;
  if (to !== null) return text`kept for ${to} of ${namespaceSaid(names)}`;
  return text`kept for ${code(names.resource)} of ${namespaceSaid(names)}`;
}

function portOf({ port }: KubernetesNames): Text {
  return port === null ? text`` : text` port ${code(port)}`;
}
