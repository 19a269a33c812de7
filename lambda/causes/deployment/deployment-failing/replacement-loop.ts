import type { Strength } from '../../../incident/cause.ts';
import type {
  AutoScalingGroup,
  InstanceRefresh,
  MetricsById,
  Target,
  TargetGroupMetric,
} from '../../../incident/evidence.ts';
import { code, count, duration, listed, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { showActivities } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { type InstanceReplacement, replacementsForChecks } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { healthyOf, oldOnesCarryOn } from '../../../semantics/targets/health-history.ts';
import { failsChecks } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';

/** Auto Scaling groups that replace their instances again and again, because these never become healthy. */

export interface ReplacementEvidence {
  readonly groups: readonly AutoScalingGroup[];
  readonly routed: readonly string[];
  readonly targets: readonly Target[] | undefined;
  readonly groupMetrics: MetricsById<TargetGroupMetric> | undefined;
  /** The groups of which not all activities were read. */
  readonly cutOff: ReadonlySet<string>;
}

type Looping = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'autoScalingGroups' | 'targetGroupMetrics'>;

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

export function replacedAgain(evidence: ReplacementEvidence, episode: EpisodeSpan): readonly Looping[] {
  return evidence.groups.flatMap((group) => {
    const arns = group.targetGroups.filter((arn) => evidence.routed.includes(arn));
    const [from, to] = [plusSeconds(episode.onset, -BEFORE), timeOfMinute(episode.grid, episode.span.last + 1)];
    const gone = replacementsForChecks(group).filter(
      ({ at }) => secondsBetween(from, at) >= 0 && secondsBetween(at, to) >= 0,
    );
    const young = gone.filter((one): one is Young => one.age !== null && one.age <= YOUNG + group.gracePeriod);
    const [first] = young;
    if (arns.length === 0 || first === undefined || young.length < LOOP) return [];
    const since = plusSeconds(first.at, -first.age);
    const refresh = refreshBefore(since, group);
    const carriesOn = oldOnesCarryOn(healthyOf(evidence.groupMetrics, arns), since, episode) === true;
    // Where ones that had served fail too, or the load balancer says why, the loop is what comes of it.
    const own =
      young.length === gone.length &&
      isWhole(group, evidence.cutOff, episode) &&
      !saysWhy(evidence.targets, arns) &&
      began(since, episode);
    const strength: Strength = !own || carriesOn ? 'circumstantial' : refresh === undefined ? 'strong' : 'decisive';
    return [found(group, arns, young, { since, onset: episode.onset, refresh, strength, carriesOn })];
  });
}

function began(since: Time, { onset }: EpisodeSpan): boolean {
  return secondsBetween(since, onset) >= -120;
}

/** Whether ones that had served before would be among what was read. */
function isWhole({ name, activities }: AutoScalingGroup, cutOff: ReadonlySet<string>, episode: EpisodeSpan): boolean {
  const [oldest] = activities;
  const reaches = oldest !== undefined && secondsBetween(oldest.at, episode.onset) >= BEFORE;
  return !episode.older && (!cutOff.has(name) || reaches);
}

/** An answer of another code is an answer: such an application is up. */
function saysWhy(targets: readonly Target[] | undefined, arns: readonly string[]): boolean {
  return (targets ?? []).some(
    (target) =>
      arns.includes(target.targetGroup) && failsChecks(target) && target.reason === 'Target.ResponseCodeMismatch',
  );
}

function refreshBefore(since: Time, { refreshes }: AutoScalingGroup): InstanceRefresh | undefined {
  return refreshes.find(({ startedAt }) => {
    const before = startedAt === null ? -1 : secondsBetween(startedAt, since);
    return before >= 0 && before <= RECENT;
  });
}

interface Loop {
  /** When the first of those that it replaced was launched. */
  readonly since: Time;
  readonly onset: Time;
  readonly refresh: InstanceRefresh | undefined;
  readonly strength: Strength;
  readonly carriesOn: boolean;
}

function found(
  group: AutoScalingGroup,
  arns: readonly string[],
  young: readonly Young[],
  { since, onset, refresh, strength, carriesOn }: Loop,
): Looping {
  const oldest = Math.max(...young.map(({ age }) => age));
  const [first] = young;
  return {
    strength,
    says: text`${resource(group.name)} replaces its instances again and again: they are not healthy within ${duration(oldest)}`,
    since,
    because: [
      {
        from: 'loadBalancerMetrics',
        shows: text`errors since ${time(onset)}; the first of these instances was launched at ${time(since)}`,
        at: since,
      },
      {
        from: 'autoScalingGroups',
        shows: text`${count(young.length, 'instance')} taken away for failed health checks at ${timesOf(young)}, none older than ${duration(oldest)}`,
        at: first?.at ?? since,
      },
      {
        from: 'autoScalingGroups',
        shows: text`its health check grace period, which keeps a new instance from being judged, is ${code(`${group.gracePeriod} s`)}`,
      },
      ...(refresh === undefined
        ? []
        : [
            {
              from: 'autoScalingGroups' as const,
              shows: text`an instance refresh had begun at ${time(refresh.startedAt ?? since)}: ${code(refresh.status)}`,
              at: refresh.startedAt ?? since,
            },
          ]),
      ...(carriesOn
        ? [
            {
              from: 'targetGroupMetrics' as const,
              shows: text`as many targets as before stayed healthy: the old ones carry on`,
            },
          ]
        : []),
    ],
    affects: { targetGroups: arns, targets: [] },
    explains: ['502', '503', '504'],
    fixes: fixesFor(group, oldest, refresh),
    facts: { autoScalingGroup: group.name, replaced: young.length, gracePeriod: group.gracePeriod, oldest },
  };
}

function timesOf(replaced: readonly InstanceReplacement[]): Text {
  return listed(
    replaced.map(({ at }) => time(at)),
    5,
  );
}

const UNDER_WAY = ['Pending', 'InProgress', 'Baking'];

/** Time is what a slow starter lacks; of one that never starts, it lets somebody read why. */
function fixesFor(group: AutoScalingGroup, oldest: number, refresh: InstanceRefresh | undefined): readonly Remedy[] {
  const { name, tags, gracePeriod } = group;
  const owner = managedByField(tags);
  const longer = Math.max(600, 60 * Math.ceil((2 * oldest) / 60));
  const graced = (seconds: number) => [
    ...['aws', 'autoscaling', 'update-auto-scaling-group', '--auto-scaling-group-name', name],
    ...['--health-check-grace-period', String(seconds)],
  ];
  return [
    ...(gracePeriod >= longer
      ? []
      : [
          {
            does: text`give new instances ${duration(longer)} to become healthy: enough to start slowly, and to read on one why it does not start`,
            run: graced(longer),
            ...{ changes: true, undo: graced(gracePeriod), verify: showActivities(name), ...owner },
          },
        ]),
    ...(refresh !== undefined && UNDER_WAY.includes(refresh.status)
      ? [
          {
            does: text`stop the instance refresh, so that it takes no more old instances away`,
            run: ['aws', 'autoscaling', 'cancel-instance-refresh', '--auto-scaling-group-name', name],
            ...{ changes: true, undo: null, verify: null, ...owner },
          },
        ]
      : []),
    {
      does: text`see how they went, and read on a new one what its application logs as it starts`,
      run: showActivities(name, 20),
      ...{ changes: false, undo: null, verify: null },
    },
  ];
}
