import type { Instance, NetworkInterface } from '../../incident/evidence.ts';

/**
 * The cluster whose pods an interface of a node holds, by what the VPC CNI writes on it; `null` where it writes no name,
 * `undefined` where it is not of its making. A node's first interface bears no such marks.
 */
export function clusterOfInterface({ description, tags }: NetworkInterface): string | null | undefined {
  const cluster = tags['cluster.k8s.amazonaws.com/name'];
  if (cluster !== undefined) return cluster;
  return /^aws-k8s-/i.test(description) ? null : undefined;
}

const OWNED = 'kubernetes.io/cluster/';

/** The cluster that an instance is a node of; `undefined` where its tags name none. */
export function clusterOfNode({ tags }: Instance): string | undefined {
  const key = Object.keys(tags).find((each) => each.startsWith(OWNED));
  return tags['eks:cluster-name'] ?? tags['eks:eks-cluster-name'] ?? key?.slice(OWNED.length);
}
