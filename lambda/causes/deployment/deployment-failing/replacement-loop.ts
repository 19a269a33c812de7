import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import { andList, code, count, duration, resource, text, time } from '../../../incident/text.ts';
import { cancelRefresh, longerGrace, lookAtActivities } from '../../../remedies/scaling-group.ts';
import { replacementLoopIn } from '../../../semantics/scaling/replacement-loop.ts';
import { healthyOf, oldOnesCarryOn } from '../../../semantics/targets/health-history.ts';
import { failsChecks } from '../../../semantics/targets/targets.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

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
  const loop = replacementLoopIn(group, episode, cutOff);
  if (loop === null) return null;
  const { young, oldest, since, refresh } = loop;
  const carriesOn = oldOnesCarryOn(healthyOf(groupMetrics, targetGroups), since, episode) === true;
  // Where ones that had served fail too, or the load balancer says why, the loop is what comes of it.
  const own =
    loop.onlyYoung && !episode.older && !saysWhy(targets, targetGroups) && secondsBetween(since, episode.onset) >= -120;
  const strong = refresh === undefined ? 'strong' : 'decisive';
  const times = young.map(({ at }) => time(at));
  return {
    strength: own && !carriesOn ? strong : 'circumstantial',
    says: text`${resource(name)} replaces its instances again and again: they are not healthy within ${duration(oldest)}`,
    since,
    because: [
      citeAt(since)
        .loadBalancerMetrics`errors since ${time(episode.onset)}; the first of these instances was launched at ${time(since)}`,
      citeAt(young[0].at)
        .autoScalingGroups`${count(young.length, 'instance')} terminated for failed health checks at ${andList(times, 5)}, none older than ${duration(oldest)}`,
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
      lookAtActivities(
        group,
        text`see why they were replaced, and read on a new instance what its application logs at startup`,
      ),
    ],
    facts: { autoScalingGroup: name, replaced: young.length, gracePeriod, oldest },
  };
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
