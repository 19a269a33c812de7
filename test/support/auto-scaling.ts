import type { AutoScalingGroup, ScalingActivity } from '../../lambda/incident/evidence.ts';
import { TG } from './a-snapshot.ts';

/** `web-asg` keeps `i-1` and `i-2` in `web`, of at most four. */
export function scalingGroup(ill: Partial<AutoScalingGroup> = {}): AutoScalingGroup {
  return {
    ...{ name: 'web-asg', min: 0, max: 4, desired: 2, healthCheckTypes: ['EC2', 'ELB'], gracePeriod: 300 },
    ...{ targetGroups: [TG], suspendedProcesses: [], instances: [member('i-1'), member('i-2')] },
    ...{ activities: [], refreshes: [], tags: {} },
    ...ill,
  };
}

export function member(instanceId: string, lifecycleState = 'InService') {
  return { instanceId, group: 'web-asg', lifecycleState, healthStatus: 'Healthy' };
}

/** At a time of this afternoon, e.g. `14:20`. */
export function activity(clock: string, description: string, ill: Partial<ScalingActivity> = {}): ScalingActivity {
  const at = `2026-03-10T${clock}:00Z`;
  return { at, endedAt: at, description, cause: '', status: 'Successful', message: null, ...ill };
}

export const launch = (clock: string, id: string): ScalingActivity =>
  activity(clock, `Launching a new EC2 instance: ${id}`, {
    cause: `At 2026-03-10T${clock}:00Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.`,
  });

export const launchFailed = (clock: string, message: string): ScalingActivity =>
  activity(clock, 'Launching a new EC2 instance', { status: 'Failed', message });

/** Taken away for what the load balancer said of it. */
export const replacedForChecks = (clock: string, id: string): ScalingActivity =>
  activity(clock, `Terminating EC2 instance: ${id}`, {
    cause: `At 2026-03-10T${clock}:00Z an instance was taken out of service in response to an ELB system health check failure.`,
  });

/** Made smaller by a person, a policy or a schedule. */
export const shrunk = (clock: string, by: string, from: number, to: number): ScalingActivity =>
  activity(clock, 'Terminating EC2 instance: i-9', {
    cause: `At 2026-03-10T${clock}:00Z ${by} changing the desired capacity from ${from} to ${to}. At 2026-03-10T${clock}:09Z an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${to}.`,
  });
