import type { OwnerKind } from '../incident/finding.ts';
import { clusterIn, controllerOf } from '../semantics/kubernetes/controller-tags.ts';

/** Tags of a resource, if they were read. */
export type Tags = Readonly<Record<string, string>> | undefined;

/** Who manages a resource, and may revert what is done to it. */
export interface Owner {
  readonly kind: OwnerKind;
  /** As a reader knows it: `CloudFormation stack web`, `Auto Scaling group web-asg`. */
  readonly title: string;
  /** Of an Auto Scaling group: its name alone, as calls name it. */
  readonly name?: string;
  /** Who ran it, where it is a tool. */
  readonly ranBy?: string;
}

/** As the tags of the resource tell: a change made by hand on such a resource may be reverted. */
export function managerOf(tags: Tags = {}): Owner | undefined {
  // Nodes of EKS Auto Mode carry the tag of the cluster as what its controller made does.
  const pool = tags['karpenter.sh/nodepool'];
  if (pool !== undefined) return { kind: 'other', title: `node pool ${pool}` };
  const cluster = clusterIn(tags);
  if (cluster !== null) return { kind: 'controller', title: controllerOf(cluster) };
  const group = tags['aws:autoscaling:groupName'];
  if (group !== undefined) return scalingGroup(group);
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) return stackOwner(stack);
  const service = tags['aws:ecs:serviceName'];
  return service === undefined ? undefined : ecsServiceOwner(service);
}

export function scalingGroup(name: string): Owner {
  return { kind: 'scaling-group', title: `Auto Scaling group ${name}`, name };
}

export function ecsServiceOwner(name: string): Owner {
  return { kind: 'other', title: `ECS service ${name}` };
}

export function stackOwner(name: string): Owner {
  return { kind: 'other', title: `CloudFormation stack ${name}` };
}

/** All of them as one, of the kind of the first; `undefined` of none. */
export function jointOwner(owners: readonly Owner[]): Owner | undefined {
  const [first, ...others] = new Map(owners.map((owner) => [owner.title, owner])).values();
  if (first === undefined || others.length === 0) return first;
  return { kind: first.kind, title: [first, ...others].map(({ title }) => title).join(', ') };
}

/** As the report has it. */
export function ownerTitle({ title, ranBy }: Owner): string {
  return ranBy === undefined ? title : `${title}, run by ${ranBy}`;
}
