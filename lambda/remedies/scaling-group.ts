import type { AutoScalingGroup, InstanceRefresh } from '../incident/evidence.ts';
import { duration, type Text, text } from '../incident/text.ts';
import { showActivities } from './look.ts';
import { managerOf } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';

/** What it did lately, to read there why. */
export function lookAtActivities({ name }: AutoScalingGroup, does: Text): Remedy {
  return look(does, showActivities(name, 20));
}

/** Time is what a slow starter lacks; of one that never starts, it lets somebody read why. */
export function longerGrace({ name, tags, gracePeriod }: AutoScalingGroup, seconds: number): Remedy | null {
  if (gracePeriod >= seconds) return null;
  const set = (healthCheckGracePeriod: number) =>
    aws('autoscaling', 'update-auto-scaling-group', { autoScalingGroupName: name, healthCheckGracePeriod });
  return fix(
    text`give new instances ${duration(seconds)} to become healthy: enough for a slow start, and to see on one why it does not start`,
    { run: set(seconds), undo: set(gracePeriod), verify: showActivities(name), managedBy: managerOf(tags) },
  );
}

const UNDER_WAY = ['Pending', 'InProgress', 'Baking'];

export function cancelRefresh({ name, tags }: AutoScalingGroup, { status }: InstanceRefresh): Remedy | null {
  if (!UNDER_WAY.includes(status)) return null;
  return fix(text`cancel the instance refresh, so that it replaces no more old instances`, {
    run: aws('autoscaling', 'cancel-instance-refresh', { autoScalingGroupName: name }),
    managedBy: managerOf(tags),
  });
}
