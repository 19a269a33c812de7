import type { AutoScalingMembership, Instance } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import { clusterIn, controllerOf } from './kubernetes/controller-tags.ts';

/** Who manages a resource, as its tags tell: a change made by hand on such a resource may be reverted. */
export function managerOf(tags: Readonly<Record<string, string>>): string | undefined {
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

/** Whether a controller of Kubernetes keeps it: then there are pods behind it, no tasks of ECS. */
export function isManagedByKubernetes(tags: Readonly<Record<string, string>>): boolean {
  return Object.keys(tags).some((key) => KUBERNETES.some((prefix) => key.startsWith(prefix)));
}

const KUBERNETES = ['elbv2.k8s.aws/', 'kubernetes.io/', 'eks:eks-cluster-name', 'ingress.eks.amazonaws.com/'];

/** As a fix wants it: the field, or nothing. */
export function managedByField(tags: Readonly<Record<string, string>>): { managedBy?: string } {
  const owner = managerOf(tags);
  return owner === undefined ? {} : { managedBy: owner };
}

/**
 * The Auto Scaling group an instance belongs to; `null` when it is known to belong to none; `undefined` when nobody
 * could tell. The tag is proof, its absence is not: an attached instance may lack it.
 */
export function autoScalingGroupOf(
  instance: Instance,
  memberships: Observed<readonly AutoScalingMembership[]>,
): string | null | undefined {
  const tagged = instance.tags['aws:autoscaling:groupName'];
  if (tagged !== undefined) return tagged;
  if (!memberships.seen) return undefined;
  const member = memberships.value.find(({ instanceId }) => instanceId === instance.id);
  if (member !== undefined) return member.group;
  return memberships.gaps.some((gap) => gap.ids === undefined || gap.ids.includes(instance.id)) ? undefined : null;
}

const TELLING = [
  'owner',
  'team',
  'contact',
  'oncall',
  'on-call',
  'slack',
  'slack-channel',
  'runbook',
  'service',
  'app',
  'application',
  'environment',
  'env',
  'aws:cloudformation:stack-name',
  'elbv2.k8s.aws/cluster',
  'ingress.k8s.aws/stack',
  'service.k8s.aws/stack',
  'gateway.k8s.aws/stack',
  'eks:eks-cluster-name',
  'ingress.eks.amazonaws.com/stack',
  'aws:ecs:clustername',
  'aws:ecs:servicename',
];

/** The tags that tell whom to call and what else to read, in that order. */
export function tellingTags(
  tags: Readonly<Record<string, string>>,
): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(tags)
    .map(([key, value]) => ({ key, value, rank: TELLING.indexOf(key.toLowerCase()) }))
    .filter(({ rank, value }) => rank >= 0 && value !== '')
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, value }));
}
