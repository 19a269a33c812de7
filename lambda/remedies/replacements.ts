import type { AutoScalingGroup, AutoScalingMembership } from '../incident/evidence.ts';
import { resource, text } from '../incident/text.ts';
import { failedLaunches, isSuspended } from '../semantics/scaling/auto-scaling-groups.ts';
import { type GoneInstances, setAside } from '../semantics/scaling/gone-instances.ts';
import { showActivities, showHealth } from './look.ts';
import { managerOf, scalingGroup } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';
import { resumeProcesses, wantInstances, wantInstancesAgain } from './scaling-processes.ts';

/** How an Auto Scaling group gets others in place of instances that are gone, and what keeps it from doing so by itself. */

export function waysToReplace(
  name: string,
  group: AutoScalingGroup | undefined,
  gone: GoneInstances,
): readonly Remedy[] {
  const [named, verify] = [resource(name), showHealth(gone.targetGroup)];
  if (group === undefined) {
    return [look(text`see what Auto Scaling group ${named} does about it`, showActivities(name), verify)];
  }
  const suspended = suspendedFor(group, gone);
  const resumption = suspended.length === 0 ? [] : [resumeProcesses(group, suspended, gone.targetGroup)];
  if (group.desired === 0) return [...resumption, wantInstancesAgain(group, gone.targetGroup)];
  const aside = setAside(gone);
  if (aside.length > 0) return [...resumption, ...replaceAside(group, aside, gone.targetGroup)];
  if (resumption.length > 0) return resumption;
  if (failedLaunches(group).length > 0) {
    return [
      fix(
        text`let Auto Scaling group ${named} launch replacements, which it cannot now: add instance types, zones or On-Demand instances, or raise the quota`,
        { verify, managedBy: scalingGroup(name) },
      ),
      look(text`see why ${named} cannot launch any`, showActivities(name)),
    ];
  }
  const does = text`see what Auto Scaling group ${named} does about it: the group replaces its instances itself`;
  return [look(does, showActivities(name), verify)];
}

/** What a group needs to notice that an instance is gone and to end it; then to launch another one that gets requests. */
const NOTICES = ['HealthCheck', 'ReplaceUnhealthy', 'Terminate'];
const FILLS = ['Launch', 'AddToLoadBalancer'];

/** What is no member any more need not be noticed. */
function suspendedFor(group: AutoScalingGroup, { members, areKept }: GoneInstances): readonly string[] {
  return [...(areKept || members.length > 0 ? NOTICES : []), ...FILLS].filter((process) => isSuspended(group, process));
}

/** Where as many as it takes are wanted already, it is the one in standby that keeps the place. */
function replaceAside(
  group: AutoScalingGroup,
  aside: readonly AutoScalingMembership[],
  arn: string,
): readonly Remedy[] {
  const { name, desired, instances, tags } = group;
  const inService = instances.filter(
    ({ instanceId, lifecycleState }) =>
      lifecycleState === 'InService' && !aside.some((one) => one.instanceId === instanceId),
  );
  const wanted = inService.length + aside.length;
  if (wanted > desired) {
    return [wantInstances(group, wanted, text`have ${resource(name)} launch replacements`, arn)];
  }
  return aside.slice(0, 1).map(({ instanceId }) =>
    fix(text`have ${resource(name)} replace ${resource(instanceId)} with a new instance; its disks are lost`, {
      run: aws('autoscaling', 'terminate-instance-in-auto-scaling-group', {
        ...{ instanceId, noShouldDecrementDesiredCapacity: true },
      }),
      ...{ verify: showHealth(arn), managedBy: managerOf(tags) },
    }),
  );
}
