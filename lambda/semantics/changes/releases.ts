import type { ChangeEvent } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { plusSeconds } from '../time/minutes.ts';

/** Another version for these target groups. A change of size, or of the listener's other settings, releases nothing. */
export function isReleaseTo(groups: readonly string[], { event, details, resources }: ChangeEvent): boolean {
  if (details.is === 'routing') {
    return details.to.some(({ targetGroup, weight }) => weight > 0 && groups.includes(targetGroup));
  }
  if (!resources.some((id) => groups.includes(id))) return false;
  if (event === 'UpdateService') {
    return details.is === 'settings' && ['taskDefinition', 'forceNewDeployment'].some((name) => name in details.set);
  }
  return event === 'StartInstanceRefresh' || event === 'CreateDeployment';
}

/** A new version answers so many seconds after it was asked for, at most; and errors are counted by the minute. */
const TAKES = 900;
const MINUTE = 60;

/** The releases to a group that an error can come of which began then, the last first. */
export function releasesBefore(
  changes: readonly ChangeEvent[],
  targetGroup: string,
  onset: Time,
): readonly ChangeEvent[] {
  const [from, to] = [plusSeconds(onset, -TAKES), plusSeconds(onset, MINUTE)];
  return changes
    .filter((change) => change.at >= from && change.at <= to && isReleaseTo([targetGroup], change))
    .reverse();
}
