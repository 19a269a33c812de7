import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import { clusterOfInterface, clusterOfNode } from '../../semantics/kubernetes/cluster.ts';
import { blockOf } from '../../semantics/network/addresses.ts';
import { interfaceLookup } from '../../semantics/network/interface-lookup.ts';
import { kubectl, look, type Remedy } from '../remedy.ts';
import type { Affected } from './controlled-resources.ts';

/** Targets that are pods or nodes of a cluster, in a group that no tag ascribes to one: what made the group made it apart. */
export interface ClusterTarget {
  readonly shows: Citation<Text, 'targetInterfaces' | 'instances'>;
  /** Of a pod; `null` where the targets are nodes. */
  readonly address: string | null;
}

/** Told by the first target whose interface or instance tells. */
export function clusterTargetIn({ affects: { targets } }: Affected, evidence: ObservedEvidence): ClusterTarget | null {
  const instances = ifSeen(evidence.instances) ?? [];
  const interfaces = ifSeen(evidence.targetInterfaces) ?? [];
  const holderOf = interfaceLookup(interfaces);
  const vpcId = ifSeen(evidence.loadBalancer)?.vpcId ?? '';
  for (const { id } of targets) {
    const holder = holderOf(blockOf(id), vpcId);
    const cluster = holder && clusterOfInterface(holder);
    if (holder !== undefined && cluster !== undefined) {
      const shows = text`${resource(id)} is a pod's${named(cluster)}: ${resource(holder.id)}, an interface of a node, holds it`;
      return { shows: { from: 'targetInterfaces', shows }, address: id };
    }
    const node = instances.find((instance) => instance.id === id);
    const of = node && clusterOfNode(node);
    if (of !== undefined) {
      const shows = text`${resource(id)} is a node${named(of)}: what answers on it may be the pod of any node`;
      return { shows: { from: 'instances', shows }, address: null };
    }
  }
  return null;
}

function named(cluster: string | null): Text {
  return cluster === null ? text`` : text` of cluster ${resource(cluster)}`;
}

/** Nobody knows the namespace: the whole cluster is looked through. */
export function clusterWideLooks({ address }: ClusterTarget): readonly Remedy[] {
  const all = ['--all-namespaces', '--output', 'wide'];
  const bindings = look(
    text`see which services of the cluster the target groups are bound to`,
    kubectl('get', 'targetgroupbindings', ...all),
  );
  if (address === null) return [bindings];
  const holder = kubectl('get', 'pods', ...all, '--field-selector', `status.podIP=${address}`);
  return [look(text`see which pod holds ${resource(address)}, if one still does`, holder), bindings];
}
