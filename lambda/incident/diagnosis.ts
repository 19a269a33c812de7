import type { CauseId } from './cause.ts';
import type { Step } from './evidence/table.ts';
import type { AlarmContributor, EvidenceKey, MuteRule } from './evidence.ts';
import type { Change, Citation, Finding, Fix, ToldFix } from './finding.ts';
import type { Why } from './observed.ts';
import type { Trigger, Window } from './question.ts';
import type { Cost } from './snapshot.ts';
import type { Text, Time } from './text.ts';
import type { Curve, Topology } from './topology.ts';

export const REPORT_VERSION = '1.0';

/**
 * What is concluded. `Words` is `Text` as the engine makes it, and `string` in the JSON report, which is otherwise the
 * same object: one definition of both.
 */
export interface DiagnosisOf<Words, F extends Fix<Words> = Fix<Words>> {
  readonly schemaVersion: typeof REPORT_VERSION;
  readonly tool: { readonly name: 'alb-triage'; readonly version: string };
  readonly kind: 'triage' | 'update' | 'recovered' | 'failed';
  /** The fingerprint of what an update or a recovery supersedes. */
  readonly supersedes?: string;
  /** Of an update: how the verdict differs from the one that was told; `same` where it does not, and something else must be known. */
  readonly changed?: 'new' | 'strengthened' | 'weakened' | 'same';
  /** Of a recovery: how long the alarm was in ALARM. */
  readonly durationSeconds?: number;
  /** Of a failure: why nothing could be triaged, and what to do. */
  readonly error?: string;
  /** When AWS was read. */
  readonly collectedAt: Time;
  /** Account, region and load balancer: one conversation. */
  readonly incidentKey: string;
  /** Eight characters that people can say aloud: this incident, in its updates and its recovery, too. */
  readonly incidentId: string;
  /** incidentKey, cause and affected target groups: the same fault again. */
  readonly fingerprint: string;
  readonly loadBalancer: Subjected;
  readonly trigger: Triggered;
  /** As asked about: all of it was read, or the symptoms are unknown. */
  readonly window: Window;
  readonly episode: Episode | null;
  readonly symptoms: Symptoms;
  /** What the load balancer itself answered 4xx, where that rose: no 5xx, and as bad for whoever asked. */
  readonly refused?: RefusedRequests;
  readonly verdict: {
    readonly status: Status;
    readonly cause: CauseId | null;
    readonly headline: Words;
  };
  /** Best first. */
  readonly findings: readonly Finding<Words, F>[];
  readonly changes: readonly {
    readonly at: Time;
    readonly who: string;
    readonly what: string;
    readonly resource: string;
    readonly source: string;
  }[];
  /** What was not looked up in CloudTrail, or not answered; absent where CloudTrail was not asked at all. */
  readonly changesUnseen?: readonly Missing[];
  /** Names, ids and addresses in it are invented, those of its commands among them. */
  readonly redacted?: true;
  /** What ids that are told are called: security groups, instances, network ACLs, route tables. */
  readonly names?: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly timeline: readonly {
    readonly at: Time;
    readonly kind: 'change' | 'symptom' | 'health' | 'alarm';
    readonly what: Words;
  }[];
  /** No causes, and no errors by themselves: what a reader must know to read the rest aright, e.g. that a group fails open. */
  readonly circumstances: readonly Citation<Words>[];
  /** Where the cause is not known for sure: a sentence on evidence that was not asked for, and would tell more. */
  readonly advice?: Words;
  /** Only by what was seen. */
  readonly ruledOut: readonly { readonly cause: CauseId; readonly because: Words }[];
  /** Causes whose subject matter this load balancer does not have, e.g. no instance among the targets. */
  readonly notApplicable: readonly { readonly cause: CauseId; readonly because: Words }[];
  readonly undetermined: readonly { readonly cause: CauseId; readonly missing: readonly Missing[] }[];
  /** Causes that were found, though what would have told more of them was not seen; what is told of undetermined ones is not told again. */
  readonly foundWithout?: readonly { readonly cause: CauseId; readonly missing: readonly Missing[] }[];
  /** A cause that failed is a defect of this program, shown as one. */
  readonly broken: readonly { readonly cause: CauseId; readonly error: string }[];
  /** judged: causes found, ruled out or not applicable. */
  readonly coverage: {
    readonly judged: number;
    readonly of: number;
    readonly denied: readonly string[];
    readonly steps: StepsSeen;
  };
  /** How often the alarm went off before this time: `count` times since `since`, the last of them at `last`. */
  readonly recurrence?: { readonly count: number; readonly since: Time; readonly last: Time };
  /** How often the same fault was told before, and what was changed just before it ended the last time. */
  readonly sameFault?: {
    readonly within7Days: number;
    readonly within30Days: number;
    readonly last: Time;
    readonly mended?: Change;
  };
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly cost: Cost;
  /** Which settings of the function could not be read, and what holds in their place. */
  readonly settings?: readonly string[];
  /** What was left out or shortened so that one message could hold the report; absent where nothing was. */
  readonly truncated?: readonly string[];
}

/** How much was seen of what each of the usual steps looks at. */
export type StepsSeen = { readonly [S in Step]: 'seen' | 'partly' | 'not' };

/** Stands for the name of a load balancer, an account or a region that a failure does not know. */
export const UNKNOWN = 'unknown';

/** What is drawn is for people: the JSON report has none of it. */
export interface Diagnosis extends DiagnosisOf<Text, ToldFix> {
  /** Of a failure: what was asked about is not there as it was named, so that to ask the same again is of no use. `alarm`: an alarm was named. */
  readonly unfound?: true | 'alarm';
  /** What a reader of the earlier messages must know first. */
  readonly news?: readonly Text[];
  /** Until when maintenance is announced. */
  readonly maintenance?: Time;
  /** AWS was read so long after the moment asked about that what it shows of now proves nothing of then. */
  readonly readLate?: true;
  /** Absent where AWS was not asked. */
  readonly topology?: Topology;
  /** Absent where no minute of it was seen. */
  readonly curve?: Curve;
}
export type Report = DiagnosisOf<string>;

/** Tested in this order: see `diagnose/conclude.ts`. */
export type Status = 'quiet' | 'identified' | 'suspected' | 'inconclusive';

export interface Subjected {
  /** `null` in a failure before the load balancer was known. */
  readonly arn: string | null;
  readonly name: string;
  readonly region: string | null;
  readonly accountId: string | null;
  /** What people call the account, where a setting says. */
  readonly accountName?: string;
  /** Whom to call, and what to read, as the tags or the alarm's description say; else as the function's settings do. */
  readonly owner?: string;
  readonly runbook?: string;
  readonly dnsName?: string;
  /** What its tags, and its target groups', say about whom to call: owner, team, runbook, stack, controller. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** What asked and, where it was an alarm, what was seen of it. */
export interface Triggered extends Trigger {
  /** What its tags say about whom to call, where those of the load balancer do not. */
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  /** Mute rules in effect. */
  readonly mutedBy?: readonly MuteRule[];
  /** The others that went off, of an alarm over several time series. */
  readonly alsoInAlarm?: readonly AlarmContributor[];
}

export interface Missing {
  readonly evidence: EvidenceKey;
  readonly why: Why;
  /** The IAM action whose call failed: what to allow, where it was denied. */
  readonly action?: string;
  /** At most 50; `omitted`: so many more. */
  readonly ids?: readonly string[];
  readonly omitted?: number;
  readonly detail?: string;
}

/** Of very many ids some, and how many more there are. */
export function withFewIds(missing: Missing, atMost: number): Missing {
  const { ids, omitted = 0 } = missing;
  const all = [...new Set(ids)];
  if (ids === undefined || all.length <= atMost) return missing;
  return { ...missing, ids: all.slice(0, atMost), omitted: omitted + all.length - atMost };
}

/** The run of minutes with errors (or with failing targets) that reaches into the window. */
export interface Episode {
  readonly onset: Time;
  /** `null` while it goes on. */
  readonly end: Time | null;
  readonly trend: 'rising' | 'steady' | 'falling' | 'over';
  /** What the minutes are counted by: errors, or failing targets where nothing but those was seen. */
  readonly of: 'errors' | 'failing-targets';
  /** The onset lies at the edge of the three hours that were read: it may be older. */
  readonly older: boolean;
  readonly errors: number;
  /** Errors among requests within the episode; `null` where requests were not seen. */
  readonly errorShare: number | null;
  /** It is over, and no more than what always fails has failed from this time on. */
  readonly usualSince?: Time;
  /** The same of the newest minutes, where it rises or falls. */
  readonly shareLately?: number;
  /** No request was sent to a target from this time on, or to none of these groups, whose fault stands: not over. */
  readonly unasked?: { readonly since: Time; readonly targetGroups?: readonly string[] };
  /** None failed from this time on, though all targets of these groups fail their health checks: not over. */
  readonly unmended?: { readonly since: Time; readonly targetGroups: readonly string[] };
  /** Errors that came at least three times, with pauses: how often, how far apart where that is regular, and the last. */
  readonly recurring?: {
    readonly bursts: number;
    readonly everySeconds: number | null;
    readonly last: { readonly from: Time; readonly to: Time };
  };
}

export interface RefusedRequests {
  readonly since: Time;
  readonly requests: number;
  /** Of all that reached the load balancer since then. */
  readonly share: number;
  /** The same in the hour before. */
  readonly shareBefore: number;
}

/** In the window. `null`: not seen. 0 only when seen. */
export interface Symptoms {
  readonly requests: number | null;
  readonly elb: {
    readonly '500': number | null;
    readonly '502': number | null;
    readonly '503': number | null;
    readonly '504': number | null;
    readonly other5xx: number | null;
  };
  readonly target5xx: number | null;
  readonly errorShare: number | null;
}
