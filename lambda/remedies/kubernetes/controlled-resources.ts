import type { Attributes, TargetGroup } from '../../incident/evidence.ts';
import type { Citation, TargetRef } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { code, resource, type Text, text } from '../../incident/text.ts';
import { type KubernetesNames, kubernetesNames } from '../../semantics/kubernetes/controller-tags.ts';
import { groupName } from '../../semantics/targets/targets.ts';

/** A target group, or a load balancer, that a load balancer controller keeps, and what for. */
export interface ControlledResource {
  readonly arn: string;
  readonly name: string;
  readonly names: KubernetesNames;
  /** `undefined` of a load balancer. */
  readonly group: TargetGroup | undefined;
  readonly attributes: Attributes;
}

/** What a finding is about. */
export interface Affected {
  readonly affects: { readonly targetGroups: readonly string[]; readonly targets: readonly TargetRef[] };
}

/** The groups that a finding affects; where it is about none, the load balancer. */
export function controlledResourcesOf(
  { affects: { targetGroups } }: Affected,
  evidence: ObservedEvidence,
): readonly ControlledResource[] {
  if (targetGroups.length > 0) return controlledResourcesAmong(targetGroups, evidence);
  return controlledResourcesAmong([ifSeen(evidence.loadBalancer)?.arn ?? ''], evidence);
}

/** In the order of the ARNs that are asked about; none where the tags were not seen. */
export function controlledResourcesAmong(
  arns: readonly string[],
  evidence: ObservedEvidence,
): readonly ControlledResource[] {
  const tags = ifSeen(evidence.tags) ?? {};
  const groups = ifSeen(evidence.targetGroups) ?? [];
  return arns.flatMap((arn) => {
    const names = kubernetesNames(tags[arn] ?? {});
    if (names === null) return [];
    const group = groups.find((one) => one.arn === arn);
    return [{ arn, name: nameOf(arn), names, group, attributes: ifSeen(evidence.targetGroupAttributes)?.[arn] ?? {} }];
  });
}

function nameOf(arn: string): string {
  return arn.includes(':targetgroup/') ? groupName(arn) : (arn.split('/')[2] ?? arn);
}

/** Which object of the cluster a group stands for: where the people of the cluster know it by. */
export function standsFor({ name, names }: ControlledResource): Citation<Text, 'tags'> {
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

/** `namespace shop (cluster prod)` */
export function namespaceSaid({ namespace, cluster }: KubernetesNames): Text {
  return text`namespace ${resource(namespace)}${cluster === null ? '' : text` (cluster ${resource(cluster)})`}`;
}
