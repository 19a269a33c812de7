import type { Time } from '../text.ts';

/** Deployments, events and stopped tasks carry times of their own; the counts are of the moment they were read. */
export interface EcsService {
  /** `cluster/service`, as in `serviceMetrics`. */
  readonly id: string;
  readonly cluster: string;
  readonly name: string;
  /** Where its tasks are registered, alternate groups of a blue/green service among them. */
  readonly targetGroups: readonly {
    readonly arn: string;
    readonly container: string | null;
    readonly containerPort: number | null;
  }[];
  /** ACTIVE, DRAINING, INACTIVE. */
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** ECS, CODE_DEPLOY, EXTERNAL. */
  readonly controller: string;
  readonly taskDefinition: string | null;
  /** Where tasks with an interface of their own get it; absent where they share that of their instance. */
  readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** How long the scheduler forgives a new task that fails its health checks, in seconds. */
  readonly healthCheckGrace: number | null;
  readonly minimumHealthyPercent: number | null;
  readonly maximumPercent: number | null;
  readonly circuitBreaker: { readonly enabled: boolean; readonly rollsBack: boolean };
  /** The newest first: PRIMARY is what is being rolled out, or was. */
  readonly deployments: readonly EcsDeployment[];
  /** The hundred newest at most, the newest first. AWS does not repeat a message until it is resolved or six hours old. */
  readonly events: readonly { readonly at: Time; readonly message: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface EcsDeployment {
  /** A task's `startedBy` names it. */
  readonly id: string;
  /** PRIMARY, ACTIVE, INACTIVE. */
  readonly status: string;
  /** IN_PROGRESS, COMPLETED, FAILED; `null` where ECS does not control the deployments. */
  readonly rolloutState: string | null;
  readonly rolloutReason: string | null;
  readonly taskDefinition: string | null;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  readonly createdAt: Time | null;
  readonly updatedAt: Time | null;
}

export interface EcsTask {
  readonly id: string;
  readonly arn: string;
  /** `cluster/service`. */
  readonly service: string;
  readonly startedBy: string | null;
  readonly taskDefinition: string | null;
  /** PROVISIONING, PENDING, RUNNING, DEACTIVATING, STOPPED, … */
  readonly status: string;
  readonly zone: string | null;
  /** Private addresses of its own interface; they stay known when it has stopped. */
  readonly addresses: readonly string[];
  /** The instance it runs on, where its group has instance targets. */
  readonly instanceId: string | null;
  readonly hostPorts: readonly number[];
  readonly createdAt: Time | null;
  /** `null` for one that never came up. */
  readonly startedAt: Time | null;
  /** When it began to stop: the scheduler wanted it so, or its container had ended. */
  readonly stoppingAt: Time | null;
  readonly stoppedAt: Time | null;
  /** E.g. `EssentialContainerExited`; `null` while it runs. */
  readonly stopCode: string | null;
  readonly stoppedReason: string | null;
  readonly containers: readonly EcsContainer[];
}

export interface EcsContainer {
  readonly name: string;
  readonly exitCode: number | null;
  /** E.g. `OutOfMemoryError: Container killed due to memory usage`. */
  readonly reason: string | null;
}

export interface EcsTaskDefinition {
  readonly arn: string;
  /** MiB of the whole task; `null` where only its containers have limits. */
  readonly memory: number | null;
  readonly containers: readonly {
    readonly name: string;
    readonly essential: boolean;
    /** MiB: more than this is killed. */
    readonly memory: number | null;
    /** Seconds between SIGTERM and SIGKILL; `null`: 30, or what the agent of the instance says. */
    readonly stopTimeout: number | null;
    readonly ports: readonly number[];
  }[];
}
