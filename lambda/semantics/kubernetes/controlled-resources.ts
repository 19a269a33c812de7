import type { Attributes, TargetGroup } from '../../incident/evidence.ts';
import type { TargetRef } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { groupName } from '../targets/targets.ts';
import { type KubernetesNames, kubernetesNames } from './controller-tags.ts';

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
