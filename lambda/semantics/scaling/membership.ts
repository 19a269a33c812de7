import type { AutoScalingMembership, Instance } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';

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
