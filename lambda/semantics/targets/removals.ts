import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import { takenTargetsIn } from '../ecs/taken-targets.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { replacementsForChecks, replacesFailingTargets } from '../scaling/auto-scaling-groups.ts';
import { minuteOf, plusSeconds, secondsBetween, timeOfMinute } from '../time/minutes.ts';

/** Targets that were taken out of all their groups because their health checks failed in some. */
export interface Removals {
  /** Of what they were: a service of ECS, or a group of Auto Scaling. */
  readonly of: string;
  /** How many, and when, oldest first: those of one minute went together. */
  readonly count: number;
  readonly times: readonly [Time, ...Time[]];
  readonly from: 'ecsServices' | 'ecsTasks' | 'autoScalingGroups';
  /** Where the checks failed; every group where Auto Scaling does not say. */
  readonly failedIn: readonly string[];
  readonly targetGroups: readonly string[];
  /** The minutes, on the grid, from a removal until another target could serve, as far as a group was without a healthy one. */
  readonly minutes: ReadonlySet<number>;
}

/** What is removed in a minute has begun to leave in the one before, at most. */
const BEFORE = 1;
/** How long a target that took its place takes to serve, in minutes. */
const START_UP = 5;
/** So long, in minutes, where nothing tells when another came. */
const UNTIL = 10;
/** What was taken away so long before the first error, in seconds, may be what they began with. */
const LEAD = 600;

type RemovalEvidence = Pick<ObservedEvidence, 'ecsServices' | 'ecsTasks' | 'autoScalingGroups' | 'targetGroupMetrics'>;

/** ECS, and Auto Scaling that asks load balancers for the health of its instances, take a target out of all its groups. */
export function removalsIn(evidence: RemovalEvidence, episode: EpisodeSpan): readonly Removals[] {
  return [...byEcs(evidence, episode), ...byAutoScaling(evidence, episode)];
}

function byEcs(evidence: RemovalEvidence, episode: EpisodeSpan): readonly Removals[] {
  const [from, to] = boundsOf(episode);
  return (ifSeen(evidence.ecsServices) ?? []).flatMap((service): readonly Removals[] => {
    const tasks = (ifSeen(evidence.ecsTasks) ?? []).filter((task) => task.service === service.id);
    const groups = [...new Set(service.targetGroups.map(({ arn }) => arn))];
    const taken = takenTargetsIn({ service, groups, tasks }, from, to);
    const [first] = taken;
    if (first === undefined) return [];
    const failedIn = [...new Set(taken.map(({ targetGroup }) => targetGroup))].sort();
    const starts = tasks.flatMap(({ startedAt }) => startedAt ?? []);
    const ids = new Set(taken.map(({ id, at }) => `${id} ${at}`));
    return [
      {
        ...{ of: service.name, count: ids.size, times: timesOf(first, taken), from: first.from, failedIn },
        targetGroups: groups,
        minutes: minutesWithout(taken, starts, servedBy(groups, failedIn), evidence, episode),
      },
    ];
  });
}

function byAutoScaling(evidence: RemovalEvidence, episode: EpisodeSpan): readonly Removals[] {
  const [from, to] = boundsOf(episode);
  return (ifSeen(evidence.autoScalingGroups) ?? []).filter(replacesFailingTargets).flatMap((group) => {
    const { name, targetGroups, activities } = group;
    const gone = replacementsForChecks(group).filter(
      ({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0,
    );
    const [first] = gone;
    if (first === undefined) return [];
    const starts = activities.filter(({ description }) => /^Launching/.test(description)).map(({ at }) => at);
    const minutes = minutesWithout(gone, starts, targetGroups, evidence, episode);
    return [
      {
        of: name,
        count: gone.length,
        times: timesOf(first, gone),
        from: 'autoScalingGroups',
        failedIn: targetGroups,
        targetGroups,
        minutes,
      },
    ];
  });
}

interface Removal {
  readonly at: Time;
}

function timesOf(first: Removal, all: readonly Removal[]): readonly [Time, ...Time[]] {
  const minute = ({ at }: Removal) => Math.floor(Date.parse(at) / 60_000);
  const more = all.filter((one, index) => minute(one) !== minute(all[index - 1] ?? first));
  return [first.at, ...more.map(({ at }) => at)];
}

function boundsOf({ onset, grid, span }: EpisodeSpan): readonly [Time, Time] {
  return [plusSeconds(onset, -LEAD), timeOfMinute(grid, span.last + 1)];
}

/** A group in which the checks fail has no healthy target in any minute: the others tell when one serves again. */
function servedBy(groups: readonly string[], failedIn: readonly string[]): readonly string[] {
  const others = groups.filter((arn) => !failedIn.includes(arn));
  return others.length > 0 ? others : groups;
}

function minutesWithout(
  removed: readonly Removal[],
  starts: readonly Time[],
  groups: readonly string[],
  { targetGroupMetrics }: RemovalEvidence,
  { grid, span }: EpisodeSpan,
): ReadonlySet<number> {
  const levels = groups.map(
    (arn) => ifSeen(targetGroupMetrics)?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'],
  );
  const everyOneServes = (minute: number): boolean => levels.every((values) => (values?.[minute] ?? 0) > 0);
  const started = starts.map((at) => minuteOf(grid, at)).sort((a, b) => a - b);
  const minutes = new Set<number>();
  for (const { at } of removed) {
    const removal = minuteOf(grid, at);
    const next = started.find((minute) => minute >= removal);
    const last = Math.min(span.last, next === undefined ? removal + UNTIL : next + START_UP);
    for (let minute = Math.max(span.first, removal - BEFORE); minute <= last; minute += 1) {
      if (!everyOneServes(minute)) minutes.add(minute);
    }
  }
  return minutes;
}
