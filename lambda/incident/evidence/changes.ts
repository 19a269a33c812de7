import type { Time } from '../text.ts';
import type { Attributes } from './load-balancing.ts';
import type { NetworkAclEntry, SecurityGroupRule } from './network.ts';

/** A call of an API that changed something. */
export interface ChangeEvent {
  readonly at: Time;
  /** `alice`, `role/deploy (ci-42)`, `autoscaling.amazonaws.com`. */
  readonly who: string;
  readonly by: 'person' | 'role' | 'service';
  /** The program that called, where that manages resources and will set them again: Terraform, CloudFormation, … */
  readonly tool: string | null;
  /** What was done, for a person: `revoked tcp 8080 from sg-alb in sg-app`. */
  readonly what: string;
  /** E.g. `RevokeSecurityGroupIngress`. */
  readonly event: string;
  /** E.g. `ec2.amazonaws.com`. */
  readonly source: string;
  /** Ids and ARNs of what it touched, the thing itself first; and the target groups of an Auto Scaling group or service. */
  readonly resources: readonly string[];
  readonly details: ChangeDetails;
}

/** What the record tells of it that a cause can judge. Nothing says what a setting was before. */
export type ChangeDetails =
  | {
      readonly is: 'security-group-rules';
      readonly does: 'admits' | 'revokes' | 'changes';
      readonly way: 'ingress' | 'egress';
      readonly groupId: string;
      /** Empty where the record names rules by their ids only. */
      readonly rules: readonly SecurityGroupRule[];
    }
  /** All the groups of a load balancer, an interface or an instance (of its primary interface) from then on. */
  | { readonly is: 'security-groups'; readonly of: string; readonly groupIds: readonly string[] }
  | {
      readonly is: 'network-acl-entry';
      readonly does: 'creates' | 'replaces' | 'deletes';
      readonly aclId: string;
      readonly ruleNumber: number;
      readonly egress: boolean;
      /** `null` where it is deleted: the record does not say what it held. */
      readonly entry: NetworkAclEntry | null;
    }
  | {
      readonly is: 'route';
      readonly does: 'creates' | 'replaces' | 'deletes';
      readonly tableId: string;
      readonly destination: string;
    }
  | {
      readonly is: 'instances';
      readonly does: 'starts' | 'stops' | 'terminates' | 'reboots';
      readonly instanceIds: readonly string[];
    }
  | {
      readonly is: 'targets';
      readonly does: 'registers' | 'deregisters';
      readonly targetGroup: string;
      readonly ids: readonly string[];
      /** Of each of them the port that the call named; absent where it named none. */
      readonly ports?: readonly (number | null)[];
    }
  /** Attributes of a load balancer or target group, a health check, the size of a group or service: by AWS's names. */
  | { readonly is: 'settings'; readonly of: string; readonly set: Attributes }
  /** Where a listener or rule sends requests now; empty where the record does not say. */
  | {
      readonly is: 'routing';
      readonly of: string;
      readonly to: readonly { readonly targetGroup: string; readonly weight: number }[];
      /** To forward is all that it does: no step before it. */
      readonly alone?: boolean;
      /** The rule that was made, and for which requests: what makes it again once it is deleted. */
      readonly made?: string;
      readonly priority?: number;
      readonly conditions?: readonly { readonly field: string; readonly values: readonly string[] }[];
    }
  /** To a Lambda function. `name`: the alias or the statement; `value`: its version, or how many runs at once. */
  | {
      readonly is: 'function';
      readonly does: FunctionChange;
      readonly of: string;
      readonly name: string | null;
      readonly value: string | null;
    }
  | { readonly is: 'other' };

export type FunctionChange =
  | 'updates-code'
  | 'configures'
  | 'publishes'
  | 'sets-alias'
  | 'deletes-alias'
  | 'admits'
  | 'withdraws'
  | 'limits'
  | 'unlimits'
  | 'deletes';

/** A call of an API that changed nothing. */
export interface FailedCall extends Pick<ChangeEvent, 'at' | 'who' | 'tool' | 'event' | 'resources'> {
  /** E.g. `AccessDenied`, `Client.UnauthorizedOperation`. */
  readonly errorCode: string;
  /** As a policy names it: `shield:GetSubscriptionState`. */
  readonly action?: string;
  /** Why, as AWS says it. */
  readonly message?: string;
}
