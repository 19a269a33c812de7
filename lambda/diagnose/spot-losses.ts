import type { CauseId } from '../incident/cause.ts';
import type { AutoScalingGroup } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { count, resource, text } from '../incident/text.ts';
import { runOffSpot } from '../remedies/ecs-service.ts';
import { showHealth } from '../remedies/look.ts';
import { managerOf } from '../remedies/owner.ts';
import { aws, fix, isSameCall, type Remedy } from '../remedies/remedy.ts';
import { servicesInUse } from '../semantics/ecs/services.ts';
import { isSpotStop, taskStopsIn } from '../semantics/ecs/task-stops.ts';
import { failedLaunches } from '../semantics/scaling/auto-scaling-groups.ts';
import { rebalancesIn, spotReclaimsIn } from '../semantics/scaling/lost-instances.ts';
import { autoScalingGroupOf } from '../semantics/scaling/membership.ts';
import { isGone, isReclaimed } from '../semantics/targets/instance-states.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/** What it is when AWS takes Spot capacity back. */
const OF_LOSSES: readonly CauseId[] = [
  'deployment-replacing-targets',
  'instance-not-running',
  'no-registered-targets',
  'no-running-tasks',
];

/**
 * What AWS takes back as Spot it takes by instance type and zone, and gives to nobody until it has some again: the way out
 * is other capacity, now, and a part that is never taken back.
 */
export function withSpotRemedies(
  findings: readonly FindingWithShare[],
  evidence: ObservedEvidence,
): readonly FindingWithShare[] {
  return findings.map((finding) => {
    const { cause, found } = finding;
    const { targetGroups } = found.affects;
    const remedies = OF_LOSSES.includes(cause.id)
      ? [...ofInstances(targetGroups, evidence), ...ofTasks(targetGroups, evidence)]
      : [];
    if (remedies.length === 0) return finding;
    const others = found.fixes.filter(({ run }) => run === null || !remedies.some((one) => isSameCall(one.run, run)));
    return { ...finding, found: { ...found, fixes: [...remedies, ...others] } };
  });
}

function ofInstances(
  arns: readonly string[],
  { autoScalingGroups, autoScalingInstances, instances }: ObservedEvidence,
): readonly Remedy[] {
  const reclaimed = (ifSeen(instances) ?? []).filter((one) => isGone(one) && isReclaimed(one));
  return (ifSeen(autoScalingGroups) ?? []).flatMap((group) => {
    const arn = group.targetGroups.find((one) => arns.includes(one));
    const own = reclaimed.filter((one) => autoScalingGroupOf(one, autoScalingInstances) === group.name);
    const lost = new Set([...(spotReclaimsIn(group)?.ids ?? []), ...own.map(({ id }) => id)]);
    return arn === undefined || lost.size === 0 || group.desired === 0 ? [] : otherCapacity(group, lost.size, arn);
  });
}

function otherCapacity(group: AutoScalingGroup, lost: number, arn: string): readonly Remedy[] {
  const { name, tags, desired, max } = group;
  const around = { verify: showHealth(arn), managedBy: managerOf(tags) };
  const update = (options: Readonly<Record<string, number | true>>) =>
    aws('autoscaling', 'update-auto-scaling-group', { autoScalingGroupName: name, ...options });
  const wanted = desired + lost;
  const bound = wanted > max ? text`, above its maximum of ${max}` : text``;
  const more = fix(
    text`run ${count(wanted, 'instance')} in ${resource(name)} instead of ${desired}${bound}, until the interrupted Spot instances are replaced`,
    {
      ...around,
      run: update({ maxSize: Math.max(max, wanted), desiredCapacity: wanted }),
      undo: update({ maxSize: max, desiredCapacity: desired }),
    },
  );
  const ahead = fix(
    text`turn on Capacity Rebalancing for ${resource(name)}: it replaces Spot instances as soon as AWS signals a higher risk of interruption`,
    { ...around, run: update({ capacityRebalance: true }), undo: update({ noCapacityRebalance: true }) },
  );
  return [
    // Where it cannot launch what it wants already, to want more helps nobody.
    ...(failedLaunches(group).length > 0 ? [] : [more]),
    fix(
      text`have ${resource(name)} launch On-Demand instances, by an On-Demand base in its mixed instances policy, and add instance types and zones: AWS interrupts Spot capacity by type and zone`,
      around,
    ),
    // What was replaced for a recommendation shows that it is on.
    ...(rebalancesIn(group) ? [] : [ahead]),
  ];
}

function ofTasks(arns: readonly string[], { ecsServices, ecsTasks }: ObservedEvidence): readonly Remedy[] {
  return servicesInUse(ifSeen(ecsServices) ?? [], ifSeen(ecsTasks) ?? [], arns)
    .filter(({ service, tasks }) => service.running < service.desired && taskStopsIn(tasks, service).some(isSpotStop))
    .map(runOffSpot);
}
