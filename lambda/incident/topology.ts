import type { CauseId, ErrorKind, Strength } from './cause.ts';
import type { Action, EvidenceKey, LoadBalancer, TargetGroup, TargetState, Values } from './evidence.ts';
import type { Gap } from './observed.ts';
import type { Text, Time } from './text.ts';

/**
 * The way of a request through the load balancer, as AWS tells it, and where it breaks. Plain data, for whoever draws it:
 * what is not known is `null`, and named in `unseen`.
 */
export interface Topology {
  readonly loadBalancer: {
    readonly name: string;
    readonly region: string;
    readonly accountId: string;
    readonly scheme: string | null;
    readonly state: LoadBalancer['state'] | null;
    readonly marks: readonly number[];
  };
  /** When AWS told the state of things. */
  readonly asOf: Time;
  /** `null`: not seen. */
  readonly listeners: readonly ListenerNode[] | null;
  /** Every group that a rule names or that belongs to the load balancer. */
  readonly groups: readonly GroupNode[];
  /** What breaks it, best first; nodes name these by their place in this list. */
  readonly marks: readonly Mark[];
  /** The parts of the picture that were not seen. */
  readonly unseen: readonly (Gap & { readonly evidence: EvidenceKey })[];
}

export interface ListenerNode {
  readonly arn: string;
  readonly protocol: string;
  readonly port: number;
  /** In the order in which they are tried, as far as they were seen. */
  readonly rules: readonly RuleNode[];
  readonly rulesSeen: boolean;
}

export interface RuleNode {
  readonly arn: string;
  /** `null`: the default rule. */
  readonly priority: number | null;
  readonly conditions: readonly string[];
  readonly actions: readonly Action[];
  /** An earlier rule takes every request. */
  readonly hidden: boolean;
  readonly marks: readonly number[];
}

export interface GroupNode {
  readonly arn: string;
  readonly name: string;
  readonly targetType: TargetGroup['targetType'] | null;
  readonly protocol: string | null;
  readonly port: number | null;
  /** Whether some rule sends requests to it; `null` where the rules were not all seen. */
  readonly routed: boolean | null;
  /** How many targets are registered; `null` where their health was not seen. */
  readonly registered: number | null;
  /** How many of them are alike, whether they are kept or not: the worst first. */
  readonly sorts: readonly SortOfTargets[];
  /** The worst first, at most 20. */
  readonly targets: readonly TargetNode[];
  readonly omitted: number;
  readonly marks: readonly number[];
}

/** What targets have in common that are told as one. */
export interface TargetHealth {
  readonly state: TargetState;
  /** Why, in AWS's words; `null` for a healthy one. */
  readonly why: string | null;
  readonly marks: readonly number[];
}

export interface SortOfTargets extends TargetHealth {
  readonly count: number;
}

export interface TargetNode extends TargetHealth {
  readonly id: string;
  /** As people call it: its `Name` tag, its service, its function; `null` where there is none. */
  readonly name: string | null;
  readonly port: number | null;
  readonly zone: string | null;
}

/**
 * What a finding does to the picture. broken: makes errors; over: made those that stopped; possible: may make them; idle:
 * wrong, and makes none that is known.
 */
export interface Mark {
  readonly cause: CauseId;
  readonly strength: Strength;
  readonly is: 'broken' | 'over' | 'possible' | 'idle';
  /** What is broken: the way to what is marked, or what is marked. */
  readonly on: 'way' | 'node';
  readonly says: Text;
}

/** Requests and errors over time, as far as they were read. */
export interface Curve {
  readonly from: Time;
  /** How long one value is, in seconds. */
  readonly step: number;
  /** `null`: not seen. */
  readonly requests: Values;
  /** The kinds that there were, with their counts. */
  readonly errors: readonly { readonly kind: ErrorKind; readonly counts: Values }[];
  /** Of all kinds that were read; `null`: not seen. */
  readonly all: Values;
  /** The kinds whose number is not known. */
  readonly unread: readonly ErrorKind[];
}
