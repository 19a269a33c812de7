import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { byId } from '../by-id.ts';
import { blockOf } from '../network/addresses.ts';
import { interfaceLookup } from '../network/interface-lookup.ts';
import { clusterOfInterface, clusterOfNode } from './cluster.ts';
import type { Affected } from './controlled-resources.ts';

/**
 * A target that is a pod or a node of a cluster, in a group that no tag ascribes to one: what made the group made it apart.
 * `cluster`: `null` where nothing names it.
 */
export type ClusterTarget =
  | { readonly is: 'pod'; readonly id: string; readonly cluster: string | null; readonly interfaceId: string }
  | { readonly is: 'node'; readonly id: string; readonly cluster: string | null };

/** The first target whose interface or instance tells. */
export function clusterTargetIn({ affects: { targets } }: Affected, evidence: ObservedEvidence): ClusterTarget | null {
  const instances = byId(ifSeen(evidence.instances) ?? []);
  const holderOf = interfaceLookup(ifSeen(evidence.targetInterfaces) ?? []);
  const vpcId = ifSeen(evidence.loadBalancer)?.vpcId ?? '';
  for (const { id } of targets) {
    const holder = holderOf(blockOf(id), vpcId);
    const cluster = holder && clusterOfInterface(holder);
    if (holder !== undefined && cluster !== undefined) return { is: 'pod', id, cluster, interfaceId: holder.id };
    const node = instances.get(id);
    const of = node && clusterOfNode(node);
    if (of !== undefined) return { is: 'node', id, cluster: of };
  }
  return null;
}
