import type { Missing } from '../../../incident/diagnosis.ts';
import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import { ifSeen, missingIds, type Observed } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { couldHideStops } from '../../../semantics/ecs/hidden-stops.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import { taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { defineCause, type Found, foundOr, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { rollout } from '../../kit/changes.ts';
import { groupsAsked, stopsNotSeen } from '../../kit/ecs-words.ts';
import { leftVersion } from './abandoned-version.ts';
import { failingDeployment } from './failing-deployment.ts';
import { replacedAgain } from './replacement-loop.ts';
import { tasksInALoop } from './task-loop.ts';

export default defineCause({
  id: 'deployment-failing',
  needs: ['ecsServices', 'ecsTasks', 'loadBalancerMetrics'],
  uses: ['targetHealth', 'targetGroupMetrics', 'targetGroups', 'listenerRules', 'autoScalingGroups', 'changes'],
  causes: [
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'health-check-code-mismatch',
    'crashing-backend',
    'targets-not-yet-healthy',
    'deployment-replacing-targets',
    'deregistration-cuts-requests',
    'too-few-healthy-targets',
  ],
  setOffBy: [rollout],

  examine(seen, { window, readAt }) {
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const services = servicesInUse(seen.ecsServices, seen.ecsTasks, routed);
    const targets = ifSeen(seen.targetHealth);
    const scaled = (ifSeen(seen.autoScalingGroups) ?? []).filter((group) => serves(group, routed));
    const hidden = scalingUnseen(seen.autoScalingGroups, targets);
    if (services.length === 0 && scaled.length === 0) {
      if (hidden !== null) return unsure(hidden);
      return notApplicable(text`no ECS service or Auto Scaling group gets requests`, 'ecsServices');
    }
    const episode = errorEpisode(seen.loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const groupMetrics = ifSeen(seen.targetGroupMetrics);
    const inServices = services.flatMap((inUse): readonly Failing[] => {
      const stops = taskStopsIn(inUse.tasks, inUse.service);
      const failing = failingDeployment(inUse, stops, targets, groupMetrics, episode);
      if (failing.length > 0) return failing;
      const loop = tasksInALoop(inUse, stops, targets, episode);
      if (loop.length > 0 || !couldHideStops(inUse, episode, readAt)) return loop;
      return leftVersion(inUse, ifSeen(seen.changes) ?? [], episode);
    });
    const cutOff = missingIds(withoutRefreshes(seen.autoScalingGroups));
    const inGroups = replacedAgain({ groups: scaled, routed, targets, groupMetrics, cutOff }, episode);
    const findings = [...inServices, ...inGroups];
    const unread = hidden ?? stopsNotSeen(services, episode, readAt)[0];
    if (findings.length === 0 && unread !== undefined) return unsure(unread);
    return foundOr(findings, text`no deployment of what gets requests fails, nor is it replaced again and again`);
  },
});

type Failing = Found<
  'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics',
  'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'changes'
>;

/** What is known of instance refreshes says nothing of whether all activities were read. */
function withoutRefreshes<T>(groups: Observed<T>): Observed<T> {
  if (!groups.seen) return groups;
  return { ...groups, gaps: groups.gaps.filter(({ action }) => action !== 'autoscaling:DescribeInstanceRefreshes') };
}

function serves({ targetGroups }: AutoScalingGroup, routed: readonly string[]): boolean {
  return targetGroups.some((arn) => routed.includes(arn));
}

/** Where instances are targets, and what Auto Scaling did with them was not read. */
function scalingUnseen(
  groups: Observed<readonly AutoScalingGroup[]>,
  targets: readonly Target[] | undefined,
): Missing | null {
  if (!targets?.some(({ id }) => id.startsWith('i-'))) return null;
  return notRead('autoScalingGroups', groups)[0] ?? null;
}
