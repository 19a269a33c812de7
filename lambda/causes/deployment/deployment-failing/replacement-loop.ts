import type { AutoScalingGroup, InstanceRefresh, Target } from '../../../incident/evidence.ts';
import { code, count, duration, listed, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { cancelRefresh, longerGrace, lookAtActivities } from '../../../remedies/scaling-group.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { type InstanceReplacement, replacementsForChecks } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { healthyOf, oldOnesCarryOn } from '../../../semantics/targets/health-history.ts';
import { failsChecks } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

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

/**
 * An Auto Scaling group that replaces its instances again and again, because these never become healthy. `cutOff`: not all of
 * its activities were read.
 */
export function replacementLoop(
  group: AutoScalingGroup,
  targetGroups: readonly string[],
  cutOff: boolean,
  { targets, groupMetrics, episode }: DeploymentEvidence,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'autoScalingGroups' | 'targetGroupMetrics'> | null {
  const { name, gracePeriod } = group;
  const gone = replacementsDuring(episode, group);
  const young = gone.filter((one): one is Young => one.age !== null && one.age <= YOUNG + gracePeriod);
  const [first] = young;
  if (first === undefined || young.length < LOOP) return null;
  const oldest = Math.max(...young.map(({ age }) => age));
  // When the first of those that it replaced was launched.
  const since = plusSeconds(first.at, -first.age);
  const refresh = refreshBefore(since, group);
  const carriesOn = oldOnesCarryOn(healthyOf(groupMetrics, targetGroups), since, episode) === true;
  // Where ones that had served fail too, or the load balancer says why, the loop is what comes of it.
  const own =
    young.length === gone.length &&
    (!cutOff || reachesBack(group, episode)) &&
    !episode.older &&
    !saysWhy(targets, targetGroups) &&
    secondsBetween(since, episode.onset) >= -120;
  const strong = refresh === undefined ? 'strong' : 'decisive';
  return {
    strength: own && !carriesOn ? strong : 'circumstantial',
    says: text`${resource(name)} replaces its instances again and again: they are not healthy within ${duration(oldest)}`,
    since,
    because: [
      citeAt(since)
        .loadBalancerMetrics`errors since ${time(episode.onset)}; the first of these instances was launched at ${time(since)}`,
      citeAt(first.at)
        .autoScalingGroups`${count(young.length, 'instance')} taken away for failed health checks at ${timesOf(young)}, none older than ${duration(oldest)}`,
      cite.autoScalingGroups`its health check grace period, which keeps a new instance from being judged, is ${code(`${gracePeriod} s`)}`,
      refresh &&
        citeAt(refresh.startedAt ?? since)
          .autoScalingGroups`an instance refresh had begun at ${time(refresh.startedAt ?? since)}: ${code(refresh.status)}`,
      carriesOn && cite.targetGroupMetrics`as many targets as before stayed healthy: the old ones carry on`,
    ],
    affects: { targetGroups, targets: [] },
    explains: ['502', '503', '504'],
    fixes: [
      longerGrace(group, Math.max(600, 60 * Math.ceil((2 * oldest) / 60))),
      refresh && cancelRefresh(group, refresh),
      lookAtActivities(group, text`see how they went, and read on a new one what its application logs as it starts`),
    ],
    facts: { autoScalingGroup: name, replaced: young.length, gracePeriod, oldest },
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

/** An answer of another code is an answer: such an application is up. */
function saysWhy(targets: readonly Target[] = [], targetGroups: readonly string[]): boolean {
  return targets.some(
    (target) =>
      targetGroups.includes(target.targetGroup) &&
      failsChecks(target) &&
      target.reason === 'Target.ResponseCodeMismatch',
  );
}

function refreshBefore(since: Time, { refreshes }: AutoScalingGroup): InstanceRefresh | undefined {
  return refreshes.find(({ startedAt }) => {
    const before = startedAt === null ? -1 : secondsBetween(startedAt, since);
    return before >= 0 && before <= RECENT;
  });
}

function timesOf(replaced: readonly InstanceReplacement[]): Text {
  const times = replaced.map(({ at }) => time(at));
  return listed(times, 5);
}
