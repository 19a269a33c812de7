import { ifSeen, isWhole } from '../../../incident/observed.ts';
import { count, type Time, text } from '../../../incident/text.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import type { SeenBy } from '../../cause.ts';

/** What began this long before the errors, in seconds, may still move them: a rollout, a drain. */
const BEFORE = 600;

type ActivityEvidence = SeenBy<never, 'changes' | 'autoScalingGroups' | 'ecsServices' | 'ecsTasks'>;

/** What changed, came or went beneath the errors; and where nobody looked, or not everywhere. */
export function concurrentActivity(evidence: ActivityEvidence, from: Time, to: Time) {
  const during = (at: Time | null): boolean =>
    at !== null && Date.parse(at) >= Date.parse(plusSeconds(from, -BEFORE)) && Date.parse(at) <= Date.parse(to);
  const changes = (ifSeen(evidence.changes) ?? []).filter(({ at }) => during(at));
  const activities = (ifSeen(evidence.autoScalingGroups) ?? [])
    .flatMap((group) => group.activities)
    .filter(({ at, endedAt }) => during(at) || during(endedAt));
  const rollouts = (ifSeen(evidence.ecsServices) ?? [])
    .flatMap((service) => service.deployments)
    .filter(({ rolloutState, createdAt }) => rolloutState === 'IN_PROGRESS' || during(createdAt));
  const tasks = (ifSeen(evidence.ecsTasks) ?? []).filter(
    ({ startedAt, stoppingAt }) => during(startedAt) || during(stoppingAt),
  );
  const counts = [
    [changes.length, 'change', 'changes'],
    [activities.length, 'Auto Scaling activity', 'Auto Scaling activities'],
    [rollouts.length, 'ECS deployment', 'ECS deployments'],
    [tasks.length, 'ECS task that started or stopped', 'ECS tasks that started or stopped'],
  ] as const;
  const seen = [
    [text`changes`, evidence.changes],
    [text`Auto Scaling`, evidence.autoScalingGroups],
    [text`ECS`, evidence.ecsServices, evidence.ecsTasks],
  ] as const;
  return {
    moved: counts.flatMap(([n, one, many]) => (n === 0 ? [] : count(n, one, many))),
    unseen: seen.flatMap(([name, ...parts]) => (parts.every(isWhole) ? [] : [name])),
  };
}
