import type { IdleTargetGroup, Target, TargetGroup } from '../../incident/evidence.ts';
import { isUnusedForZone, targetsOf } from './targets.ts';

/** A group that no rule sends anything to, and what in it is ready for requests. */
export interface SpareGroup {
  readonly group: TargetGroup;
  readonly targets: readonly Target[];
  /** Rules name it, with weight 0. Else it is one of the VPC, and may be for something else. */
  readonly attached: boolean;
}

export function spareGroups(
  unrouted: readonly TargetGroup[],
  targetHealth: readonly Target[],
  idle: readonly IdleTargetGroup[],
): readonly SpareGroup[] {
  return [
    ...unrouted.map((group) => ({ group, targets: targetsOf(targetHealth, group.arn), attached: true })),
    ...idle.map((one) => ({ ...one, attached: false })),
  ]
    .map((one) => ({ ...one, targets: one.targets.filter(isReady) }))
    .filter(({ targets }) => targets.length > 0);
}

/** Ready for requests, as far as AWS says: targets of a group that no rule names are not even checked. */
function isReady(target: Target): boolean {
  return target.state === 'healthy' || (target.reason === 'Target.NotInUse' && !isUnusedForZone(target));
}

/** Those of the same kind that rules name; else those of the VPC that speak the same protocol on the same port. */
export function holdersFor(empty: TargetGroup, spare: readonly SpareGroup[]): readonly SpareGroup[] {
  const alike = spare.filter(({ group }) => group.targetType === empty.targetType);
  const attached = alike.filter((one) => one.attached);
  if (attached.length > 0) return attached;
  return alike.filter(
    ({ group }) =>
      group.protocol === empty.protocol && group.protocolVersion === empty.protocolVersion && group.port === empty.port,
  );
}
