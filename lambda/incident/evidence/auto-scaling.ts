import type { Time } from '../text.ts';

export interface AutoScalingMembership {
  readonly instanceId: string;
  readonly group: string;
  /** E.g. `InService`, `Terminating:Wait`. */
  readonly lifecycleState: string;
  readonly healthStatus: string;
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** EC2, ELB, EBS, VPC_LATTICE: whose word makes it replace an instance. */
  readonly healthCheckTypes: readonly string[];
  /** How long a new instance is left alone, whatever its health; in seconds. */
  readonly gracePeriod: number;
  readonly targetGroups: readonly string[];
  /** E.g. `AddToLoadBalancer`: new instances are then not registered, nor later. */
  readonly suspendedProcesses: readonly string[];
  readonly instances: readonly AutoScalingMembership[];
  /** Of the last three hours before the moment asked about, oldest first. */
  readonly activities: readonly ScalingActivity[];
  /** Only where an activity names one. */
  readonly refreshes: readonly InstanceRefresh[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What Auto Scaling did, why, and how it ended. */
export interface ScalingActivity {
  readonly at: Time;
  readonly endedAt: Time | null;
  /** E.g. `Terminating EC2 instance: i-0123`. */
  readonly description: string;
  /** Sentences that begin with `At 2026-03-10T14:20:00Z`: a user's request, an alarm, a failed health check. */
  readonly cause: string;
  /** Successful, Failed, InProgress, Cancelled, … */
  readonly status: string;
  /** Why it failed. */
  readonly message: string | null;
}

export interface InstanceRefresh {
  readonly id: string;
  /** Pending, InProgress, Baking, Successful, Failed, Cancelled, RollbackInProgress, … */
  readonly status: string;
  readonly reason: string | null;
  readonly startedAt: Time | null;
  readonly endedAt: Time | null;
  readonly percentage?: number | null;
}
