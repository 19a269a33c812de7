import type { AutoScalingGroup, AutoScalingMembership, Instance } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { groupsServing } from './auto-scaling-groups.ts';
import { autoScalingGroupOf } from './membership.ts';

/** Instances that are gone, and the Auto Scaling groups that have to put others in their place. */

type KeeperEvidence = Pick<ObservedEvidence, 'autoScalingGroups' | 'autoScalingInstances'>;

export interface GoneInstances {
  /** Those of them that the group is seen to count as its own. */
  readonly members: readonly AutoScalingMembership[];
  /** Whether one of them is no more than stopped: what is terminated leaves its group. */
  readonly areKept: boolean;
  readonly targetGroup: string;
}

/** In standby, or in a warm pool: nobody replaces those, and none of them counts among those that are wanted. */
export function setAside({ members }: GoneInstances): readonly AutoScalingMembership[] {
  return members.filter(({ lifecycleState }) => /^(Standby|EnteringStandby|Warmed:)/.test(lifecycleState));
}

/** An Auto Scaling group that has to put others in the place of what is gone. */
export interface Keeper {
  readonly name: string;
  readonly group: AutoScalingGroup | undefined;
  readonly gone: GoneInstances;
}

/**
 * Whose they are; of those that belong to nobody any more, the groups that fill their target group and lack instances: what is
 * terminated has left its group.
 */
export function keepersOf(
  stopped: readonly Instance[],
  targetGroups: readonly string[],
  seen: KeeperEvidence,
): readonly Keeper[] {
  const all = ifSeen(seen.autoScalingGroups) ?? [];
  const ownerOf = (instance: Instance) => autoScalingGroupOf(instance, seen.autoScalingInstances);
  const named = stopped.flatMap((instance) => ownerOf(instance) ?? []);
  const isEnded = stopped.some((one) => one.state === 'terminated' && ownerOf(one) === null);
  const lacking = isEnded ? targetGroups.flatMap((arn) => groupsServing(all, arn)).filter(lacksInstances) : [];
  return [...new Set([...named, ...lacking.map(({ name }) => name)])].map((name) => ({
    name,
    group: all.find((one) => one.name === name),
    gone: {
      areKept: stopped.some((one) => ownerOf(one) === name && one.state !== 'terminated'),
      members: (ifSeen(seen.autoScalingInstances) ?? []).filter(
        ({ instanceId, group }) => group === name && stopped.some(({ id }) => id === instanceId),
      ),
      targetGroup: targetGroups[0] ?? '',
    },
  }));
}

function lacksInstances({ desired, instances }: AutoScalingGroup): boolean {
  return instances.filter(({ lifecycleState }) => lifecycleState === 'InService').length < Math.max(desired, 1);
}
