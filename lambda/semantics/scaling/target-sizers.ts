import type { AutoScalingGroup, Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { serviceInTags } from '../ecs/service-of-target.ts';
import { autoScalingGroupOf } from './membership.ts';

export type SizerEvidence = Pick<
  ObservedEvidence,
  'instances' | 'autoScalingInstances' | 'targetInterfaces' | 'autoScalingGroups'
>;

/** What decides how many of some targets there are. */
export interface TargetSizers {
  readonly scalingGroups: readonly AutoScalingGroup[];
  /** The names of those that targets belong to, and nobody here could read. */
  readonly unreadGroups: readonly string[];
  /** Each as `cluster/service`. */
  readonly services: readonly string[];
}

/** An instance names its Auto Scaling group; the network interface of a task its ECS service. */
export function sizersOf(targets: readonly Target[], evidence: SizerEvidence): TargetSizers {
  const ids = new Set(targets.map(({ id }) => id));
  const instances = (ifSeen(evidence.instances) ?? []).filter(({ id }) => ids.has(id));
  const interfaces = (ifSeen(evidence.targetInterfaces) ?? []).filter(({ addresses }) =>
    addresses.some((address) => ids.has(address)),
  );
  const names = sorted(instances.map((instance) => autoScalingGroupOf(instance, evidence.autoScalingInstances)));
  const scalingGroups = (ifSeen(evidence.autoScalingGroups) ?? []).filter(({ name }) => names.includes(name));
  return {
    scalingGroups,
    unreadGroups: names.filter((name) => scalingGroups.every((group) => group.name !== name)),
    services: sorted(interfaces.map(({ tags }) => serviceInTags(tags))),
  };
}

function sorted(names: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))].sort();
}
