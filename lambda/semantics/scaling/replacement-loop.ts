import type { AutoScalingGroup, InstanceRefresh } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { type InstanceReplacement, replacementsForChecks } from './auto-scaling-groups.ts';

/** Instances replaced again and again, because they never become healthy. */
export interface ReplacementLoop {
  readonly young: readonly [Young, ...Young[]];
  /** How old any of them became, in seconds. */
  readonly oldest: number;
  /** When the first of those that it replaced was launched. */
  readonly since: Time;
  /** No instance that had served failed as well, as far as one knows. */
  readonly onlyYoung: boolean;
  /** What may have begun it. */
  readonly refresh: InstanceRefresh | undefined;
}

/** So many in a row are no accident. */
const LOOP = 3;
/** An instance that fails its checks later than this had been up, in seconds; its grace period comes on top. */
const YOUNG = 20 * 60;
/** The loop may be older than the errors by as much, in seconds: until the last healthy one is gone. */
const BEFORE = 30 * 60;
/** A rollout that began longer before the loop has not brought it, in seconds. */
const RECENT = 2 * 3600;

interface Young extends InstanceReplacement {
  readonly age: number;
}

/** `cutOff`: not all activities of the group were read. `null` where it replaces none so. */
export function replacementLoopIn(
  group: AutoScalingGroup,
  episode: EpisodeSpan,
  cutOff: boolean,
): ReplacementLoop | null {
  const gone = replacementsDuring(episode, group);
  const [first, ...rest] = gone.filter((one): one is Young => one.age !== null && one.age <= YOUNG + group.gracePeriod);
  if (first === undefined || rest.length + 1 < LOOP) return null;
  const young = [first, ...rest] as const;
  const since = plusSeconds(first.at, -first.age);
  return {
    ...{ young, since, refresh: refreshBefore(since, group) },
    oldest: Math.max(...young.map(({ age }) => age)),
    onlyYoung: young.length === gone.length && (!cutOff || reachesBack(group, episode)),
  };
}

function replacementsDuring({ onset, grid, span }: EpisodeSpan, group: AutoScalingGroup) {
  const [from, to] = [plusSeconds(onset, -BEFORE), timeOfMinute(grid, span.last + 1)];
  return replacementsForChecks(group).filter(({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0);
}

/** Whether ones that had served before would be among what was read. */
function reachesBack({ activities: [oldest] }: AutoScalingGroup, { onset }: EpisodeSpan): boolean {
  return oldest !== undefined && secondsBetween(oldest.at, onset) >= BEFORE;
}

function refreshBefore(since: Time, { refreshes }: AutoScalingGroup): InstanceRefresh | undefined {
  return refreshes.find(({ startedAt }) => {
    const before = startedAt === null ? -1 : secondsBetween(startedAt, since);
    return before >= 0 && before <= RECENT;
  });
}
