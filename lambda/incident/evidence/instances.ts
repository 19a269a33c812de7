import type { Time } from '../text.ts';
import type { NetworkInterface } from './network.ts';

export interface Instance {
  readonly id: string;
  /** pending, running, shutting-down, terminated, stopping, stopped. */
  readonly state: string;
  /** E.g. `Client.UserInitiatedShutdown`. */
  readonly stateReason: { readonly code: string; readonly message: string } | null;
  /** When it entered its state, read from `StateTransitionReason`; `null` where that names no time. */
  readonly stateSince: Time | null;
  readonly launchedAt: Time | null;
  readonly type: string;
  readonly zone: string | null;
  readonly subnetId: string | null;
  readonly vpcId: string | null;
  readonly spot: boolean;
  /** The primary interface's: what the load balancer talks to. */
  readonly primaryAddress: string | null;
  readonly primarySecurityGroupIds: readonly string[];
  readonly interfaces: readonly NetworkInterface[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface InstanceStatus {
  readonly id: string;
  /** ok, impaired, initializing, insufficient-data, not-applicable. */
  readonly system: StatusCheck;
  readonly instance: StatusCheck;
  readonly attachedEbs: StatusCheck | null;
  /** `null` where EC2 does not check the application. */
  readonly application?: StatusCheck | null;
  readonly events: readonly {
    readonly code: string;
    readonly description: string;
    readonly notBefore: Time | null;
    readonly notAfter: Time | null;
  }[];
}

export interface StatusCheck {
  readonly status: string;
  readonly impairedSince: Time | null;
}

/** EC2 asks the application itself, from an address of its own within the VPC. */
export interface ApplicationStatus {
  readonly instanceId: string;
  /** ok, impaired, initializing, insufficient-data, suppressed, not-applicable. */
  readonly status: string;
  readonly checks: readonly ApplicationCheck[];
}

export interface ApplicationCheck {
  readonly id: string;
  /** passed, failed, initializing, insufficient-data, not-applicable. */
  readonly status: string;
  /** When it got this status. */
  readonly since: Time | null;
  /** ConnectionRefused, ConnectionTimeout, ResponseTimeout, ConnectionReset, ResponseCodeMismatch, …; older ones differ. */
  readonly reason: string | null;
  readonly statusCode: number | null;
  /** What it asks for; `null` where its definition was not seen. */
  readonly port: number | null;
  readonly path: string | null;
}

export interface ConsoleOutput {
  readonly instanceId: string;
  /** When the instance's buffer was last kept; `null` where AWS does not say. */
  readonly at: Time | null;
  /** Of the last lines of it those that a cause reads; in place of others `…`, after the stamp of a line that has one. */
  readonly lines: readonly string[];
}

export interface CreditMode {
  readonly instanceId: string;
  /** standard, unlimited. */
  readonly mode: string;
}
