import { clusterIn, controllerOf } from '../semantics/kubernetes/controller-tags.ts';

/** Tags of a resource, if they were read. */
export type Tags = Readonly<Record<string, string>> | undefined;

/** Who manages a resource, as its tags tell: a change made by hand on such a resource may be reverted. */
export function managerOf(tags: Tags = {}): string | undefined {
  // Nodes of EKS Auto Mode carry the tag of the cluster as what its controller made does.
  const pool = tags['karpenter.sh/nodepool'];
  if (pool !== undefined) return `node pool ${pool}`;
  const cluster = clusterIn(tags);
  if (cluster !== null) return controllerOf(cluster);
  const group = tags['aws:autoscaling:groupName'];
  if (group !== undefined) return `Auto Scaling group ${group}`;
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) return `CloudFormation stack ${stack}`;
  const service = tags['aws:ecs:serviceName'];
  if (service !== undefined) return `ECS service ${service}`;
  return undefined;
}
