import type { Missing } from '../../../incident/diagnosis.ts';
import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import { ifSeen, missingIds, type Observed } from '../../../incident/observed.ts';
import { count, type Text, type Time, text } from '../../../incident/text.ts';
import { rollout } from '../../../semantics/changes/change-kinds.ts';
import { couldHideStops } from '../../../semantics/ecs/hidden-stops.ts';
import { type ServiceInUse, servicesInUse } from '../../../semantics/ecs/services.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { defineCause, foundOr, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { stopsNotSeen } from '../../kit/ecs-words.ts';
import { abandonedVersion } from './abandoned-version.ts';
import { abandonedDeployment, type DeploymentEvidence, failingDeployment } from './failing-deployment.ts';
import { replacementLoop } from './replacement-loop.ts';
import { taskLoop } from './task-loop.ts';
import { unstartableTasks } from './unstartable-tasks.ts';

export default defineCause({
  id: 'deployment-failing',
  needs: ['ecsServices', 'ecsTasks', 'errors'],
  uses: ['targetHealth', 'targetGroupMetrics', 'routed', 'autoScalingGroups', 'changes', 'takenTargets'],
  causes: [
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'crashing-backend',
    'targets-not-yet-healthy',
    'deployment-replacing-targets',
    'deregistration-cuts-requests',
    'too-few-healthy-targets',
  ],
  setOffBy: [rollout],

  examine({ ecsServices, ecsTasks, errors: { episode }, routed, ...seen }, { readAt }) {
    const targets = ifSeen(seen.targetHealth);
    const services = servicesInUse(ecsServices, ecsTasks, routed.groups);
    const scaled = (ifSeen(seen.autoScalingGroups) ?? []).filter((group) => group.targetGroups.some(routed.has));
    const hidden = scalingUnseen(seen.autoScalingGroups, targets);
    if (services.length === 0 && scaled.length === 0) {
      if (hidden !== null) return unsure(hidden);
      return notApplicable(text`no ECS service or Auto Scaling group gets requests`, 'ecsServices');
    }
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const [groupMetrics, changes = []] = [ifSeen(seen.targetGroupMetrics), ifSeen(seen.changes)];
    const evidence = { episode, targets, groupMetrics, changes, taken: seen.takenTargets ?? [] };
    const cutOff = missingIds(withoutRefreshes(seen.autoScalingGroups));
    const findings = [
      ...services.map((inUse) => failureOf(inUse, evidence, readAt)),
      ...scaled.map((group) =>
        replacementLoop(group, group.targetGroups.filter(routed.has), cutOff.has(group.name), evidence),
      ),
    ].filter((one) => one !== null);
    const unread = hidden ?? stopsNotSeen(services, episode, readAt)[0];
    if (findings.length === 0 && unread !== undefined) return unsure(unread);
    return foundOr(findings, text`no deployment of what gets requests fails, ${fewReplaced(evidence.taken)}`);
  },

  ofStateAlone({ ecsServices, ecsTasks, routed }, { window }) {
    const services = servicesInUse(ecsServices, ecsTasks, routed.groups);
    return services.flatMap((inUse) => abandonedDeployment(inUse, window) ?? []);
  },
});

function failureOf(inUse: ServiceInUse, evidence: DeploymentEvidence, readAt: Time) {
  const stops = taskStopsIn(inUse.tasks, inUse.service);
  const seen =
    failingDeployment(inUse, stops, evidence) ??
    taskLoop(inUse, stops, evidence) ??
    unstartableTasks(inUse, stops, evidence);
  if (seen !== null || !couldHideStops(inUse, evidence.episode, readAt)) return seen;
  return abandonedVersion(inUse, evidence);
}

/** What was replaced now and then is no loop, and was replaced. */
function fewReplaced(taken: readonly TakenTarget[]): Text {
  const { size } = new Set(taken.map(({ id, at }) => `${id} ${at}`));
  if (size === 0) return text`nor is it replaced again and again`;
  return text`and no loop was seen: ${count(size, 'task')} ${size === 1 ? 'was' : 'were'} replaced for failed health checks`;
}

/** What is known of instance refreshes says nothing of whether all activities were read. */
function withoutRefreshes<T>(groups: Observed<T>): Observed<T> {
  if (!groups.seen) return groups;
  return { ...groups, gaps: groups.gaps.filter(({ action }) => action !== 'autoscaling:DescribeInstanceRefreshes') };
}

/** Where instances are targets, and what Auto Scaling did with them was not read. */
function scalingUnseen(
  groups: Observed<readonly AutoScalingGroup[]>,
  targets: readonly Target[] | undefined,
): Missing | null {
  if (!targets?.some(({ id }) => id.startsWith('i-'))) return null;
  return notRead('autoScalingGroups', groups)[0] ?? null;
}
