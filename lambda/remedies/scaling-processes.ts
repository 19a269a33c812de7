import type { AutoScalingGroup } from '../incident/evidence.ts';
import { count, resource, type Text, text, time } from '../incident/text.ts';
import { type CapacityCut, isOfPolicy, standingCapacityCut } from '../semantics/scaling/auto-scaling-groups.ts';
import { showActivities, showHealth } from './look.ts';
import { managerOf } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';

/** What keeps an Auto Scaling group from filling a target group is undone: what is suspended, held back or not wanted. */

const REPLACES = 'ReplaceUnhealthy';

export function resumeProcesses(
  { name, tags }: AutoScalingGroup,
  scalingProcesses: readonly string[],
  arn: string,
): Remedy {
  const set = (verb: 'resume' | 'suspend') =>
    aws('autoscaling', `${verb}-processes`, { autoScalingGroupName: name, scalingProcesses });
  const isReplacing = scalingProcesses.some((process) => ['HealthCheck', REPLACES, 'Terminate'].includes(process));
  const missed = isReplacing ? 'replace' : scalingProcesses.includes('AddToLoadBalancer') ? 'register' : 'launch';
  return fix(text`let ${resource(name)} ${missed} instances again`, {
    ...{ run: set('resume'), undo: set('suspend') },
    ...{ verify: showHealth(arn), managedBy: managerOf(tags) },
  });
}

/** Its instances stay, and serve what they can, whatever their checks say. */
export function keepFailingInstances({ name, tags }: AutoScalingGroup): Remedy {
  const set = (verb: 'resume' | 'suspend') =>
    aws('autoscaling', `${verb}-processes`, { autoScalingGroupName: name, scalingProcesses: REPLACES });
  return fix(
    text`keep ${resource(name)} from replacing instances for this check (if all targets fail, all get requests). Undo this once the check is fixed: until then no instance is replaced, whatever fails`,
    {
      ...{ run: set('suspend'), undo: set('resume') },
      // Their health stays as it is.
      ...{ verify: showActivities(name), managedBy: managerOf(tags) },
    },
  );
}

/** Whether it takes the load balancer's word for it that an instance is to be replaced. */
export function replacesForChecks({ healthCheckTypes, suspendedProcesses }: AutoScalingGroup): boolean {
  return healthCheckTypes.includes('ELB') && !suspendedProcesses.includes(REPLACES);
}

/** What was launched while it was suspended is not registered later: that takes a hand. */
export function registerInstances({ tags }: AutoScalingGroup, ids: readonly string[], arn: string): Remedy {
  const targets = ids.map((Id) => ({ Id }));
  const set = (verb: 'register' | 'deregister') => aws('elbv2', `${verb}-targets`, { targetGroupArn: arn, targets });
  const those = ids.length === 1 ? 'the instance' : text`the ${ids.length} instances`;
  return fix(text`register ${those} in service: Auto Scaling does not do so afterwards`, {
    ...{ run: set('register'), undo: set('deregister') },
    ...{ verify: showHealth(arn), managedBy: managerOf(tags) },
  });
}

/** As many instances as before somebody or something wanted fewer. */
export function undoCapacityCut(group: AutoScalingGroup, cut: CapacityCut, arn: string): Remedy {
  const again = isOfPolicy(cut) ? '; what scaled it in may do so again' : '';
  return wantInstances(
    group,
    cut.from,
    text`run ${count(cut.from, 'instance')} again, as before ${time(cut.at)}${again}`,
    arn,
  );
}

/** So many, where fewer are wanted now. */
export function wantInstances(group: AutoScalingGroup, instances: number, does: Text, arn: string): Remedy {
  const { name, min, max, desired, tags } = group;
  const size = (maxSize: number, desiredCapacity: number) =>
    aws('autoscaling', 'update-auto-scaling-group', {
      ...{ autoScalingGroupName: name, minSize: min, maxSize, desiredCapacity },
    });
  return fix(does, {
    ...{ run: size(Math.max(max, instances), instances), undo: size(max, desired) },
    ...{ verify: showHealth(arn), managedBy: managerOf(tags) },
  });
}

/** Of a group that wants none: as many as before, or one where nobody knows how many that were. */
export function wantInstancesAgain(group: AutoScalingGroup, arn: string): Remedy {
  const cut = standingCapacityCut(group);
  if (cut !== null) return undoCapacityCut(group, cut, arn);
  const does = text`run one instance in ${resource(group.name)} to begin with: how many there were is not known`;
  return wantInstances(group, 1, does, arn);
}

export function lookAtHooks({ name }: AutoScalingGroup): Remedy {
  const does = text`see which lifecycle hook of ${resource(name)} holds its instances, and what should have completed it`;
  return look(does, aws('autoscaling', 'describe-lifecycle-hooks', { autoScalingGroupName: name }));
}
