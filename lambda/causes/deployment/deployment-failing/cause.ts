import type { Missing } from '../../../incident/diagnosis.ts';
import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import { ifSeen, missingIds, type Observed } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { couldHideStops } from '../../../semantics/ecs/hidden-stops.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import { taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { defineCause, type Found, foundOr, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { groupsAsked, stopsNotSeen } from '../../kit/ecs-services.ts';
import { HEALTH_ENDPOINT } from '../../settings.ts';
import { leftVersion } from './abandoned-version.ts';
import { failingDeployment } from './failing-deployment.ts';
import { replacedAgain } from './replacement-loop.ts';
import { tasksInALoop } from './task-loop.ts';

export const deploymentFailing = defineCause({
  id: 'deployment-failing',
  category: 'deployment',
  title: 'The new version never becomes healthy',
  explains: `A deployment starts tasks of a new version that never come up, exit, or fail their health checks. ECS stops them and starts others,
again and again. Old tasks may be gone already: then requests meet tasks that are not ready (502) or none at all (503). Auto Scaling does the
same with instances that are not healthy when their grace period ends, be it because they fail or because they start slowly.`,
  proof: `ECS calls the deployment \`FAILED\`, its circuit breaker tripped, or its tasks were stopped again and again for failed health
checks since it began: decisive. Tasks or instances that are replaced again and again soon after their start, without a deployment: strong; after an instance
refresh began: decisive. A version that came as the errors began and was left as they ended, of whose tasks ECS shows nothing
any more: strong where the service's events tell that they did not come up.`,
  resembles: `Tasks that were up for long and then fail their health checks: something else broke, and a deployment is not it. While the old
version carries on in full number, a failing deployment harms nobody.`,
  remedy: `Roll back: set the service to the task definition that ran last. The service's events and the stopped tasks say what
the new version fails at: the answer to the health check, an exit code, an image, a secret.`,
  prevention: `Turn on the deployment circuit breaker with rollback. Give slow starters a health check grace period
(healthCheckGracePeriodSeconds) above their start-up time, and an Auto Scaling group one
(\`--health-check-grace-period\`; the API's default is 0). Try the image with the same settings in a test environment.`,
  settings: [HEALTH_ENDPOINT],
  docs: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html',
  ],
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
