import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import { stopsVisibleFrom } from '../ecs/services.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { secondsBetween } from '../time/minutes.ts';

/** What tells of targets that leave. */
export type DepartureEvidence = 'ecsServices' | 'ecsTasks' | 'autoScalingGroups' | 'changes';

/** The evidence in which a departure could be missing; `null` where all were seen. */
export function departuresUnseenIn(
  seen: Pick<ObservedEvidence, DepartureEvidence | 'targetGroups'>,
  { onset }: EpisodeSpan,
  readAt: Time,
): DepartureEvidence | null {
  const { ecsServices, ecsTasks, autoScalingGroups } = seen;
  const isWhole = (one: Observed<unknown>) => one.seen && one.gaps.length === 0;
  const older = secondsBetween(onset, stopsVisibleFrom(readAt)) > 0;
  const all =
    [ecsServices, ecsTasks, autoScalingGroups].every(isWhole) &&
    !(older && (ifSeen(ecsServices) ?? []).length > 0) &&
    !onlyTrailTells(seen);
  if (all) return null;
  return (['ecsServices', 'autoScalingGroups', 'changes'] as const).find((key) => !isWhole(seen[key])) ?? 'ecsTasks';
}

const TRAIL = 'elasticloadbalancing.amazonaws.com';

/** Addresses that no service of ECS registers, pods for the most part: CloudTrail alone tells which of them left. */
function onlyTrailTells({
  changes,
  ecsServices,
  targetGroups,
}: Pick<ObservedEvidence, 'changes' | 'ecsServices' | 'targetGroups'>): boolean {
  const wasRead = changes.seen && !changes.gaps.some(({ ids }) => ids?.includes(TRAIL) ?? true);
  if (wasRead) return false;
  const own = new Set((ifSeen(ecsServices) ?? []).flatMap((service) => service.targetGroups.map(({ arn }) => arn)));
  return (ifSeen(targetGroups) ?? []).some(({ arn, targetType }) => targetType === 'ip' && !own.has(arn));
}
