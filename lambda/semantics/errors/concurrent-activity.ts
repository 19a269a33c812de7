import type { AutoScalingGroup, ChangeEvent, EcsService, EcsTask } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { count, type Phrase, type Text, type Time, text } from '../../incident/text.ts';
import { plusSeconds } from '../time/minutes.ts';

export interface ActivityEvidence {
  readonly changes: Observed<readonly ChangeEvent[]>;
  readonly autoScalingGroups: Observed<readonly AutoScalingGroup[]>;
  readonly ecsServices: Observed<readonly EcsService[]>;
  readonly ecsTasks: Observed<readonly EcsTask[]>;
}

/** What changed, came or went beneath the errors, in words; and where nobody looked, or not everywhere. */
export interface ConcurrentActivity {
  readonly moved: readonly Phrase[];
  readonly unseen: readonly Text[];
}

/** What began this long before the errors, in seconds, may still move them: a rollout, a drain. */
const BEFORE = 600;

export function concurrentActivity(evidence: ActivityEvidence, from: Time, to: Time): ConcurrentActivity {
  const during = (at: Time | null): boolean =>
    at !== null && Date.parse(at) >= Date.parse(plusSeconds(from, -BEFORE)) && Date.parse(at) <= Date.parse(to);
  const changes = valuesOf(evidence.changes).filter(({ at }) => during(at));
  const activities = valuesOf(evidence.autoScalingGroups)
    .flatMap((group) => group.activities)
    .filter(({ at, endedAt }) => during(at) || during(endedAt));
  const rollouts = valuesOf(evidence.ecsServices)
    .flatMap((service) => service.deployments)
    .filter(({ rolloutState, createdAt }) => rolloutState === 'IN_PROGRESS' || during(createdAt));
  const tasks = valuesOf(evidence.ecsTasks).filter(
    ({ startedAt, stoppingAt }) => during(startedAt) || during(stoppingAt),
  );
  return {
    moved: [
      ...said(changes.length, 'change'),
      ...said(activities.length, 'Auto Scaling activity', 'Auto Scaling activities'),
      ...said(rollouts.length, 'ECS deployment'),
      ...said(tasks.length, 'ECS task that started or stopped', 'ECS tasks that started or stopped'),
    ],
    unseen: [
      ...(isWhole(evidence.changes) ? [] : [text`changes`]),
      ...(isWhole(evidence.autoScalingGroups) ? [] : [text`Auto Scaling`]),
      ...(isWhole(evidence.ecsServices) && isWhole(evidence.ecsTasks) ? [] : [text`ECS`]),
    ],
  };
}

function valuesOf<T>(observed: Observed<readonly T[]>): readonly T[] {
  return observed.seen ? observed.value : [];
}

function isWhole(observed: Observed<unknown>): boolean {
  return observed.seen && observed.gaps.length === 0;
}

type Moves = 'change' | 'Auto Scaling activity' | 'ECS deployment' | 'ECS task that started or stopped';

function said(n: number, one: Moves, many?: string): readonly Phrase[] {
  return n === 0 ? [] : [count(n, one, many)];
}
