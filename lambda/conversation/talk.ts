import type { CauseId } from '../incident/cause.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Change } from '../incident/finding.ts';
import type { Time } from '../incident/text.ts';

/** What is remembered of one load balancer, and what a second look is handed. JSON, and small. */
export interface Talk {
  /** Oldest first; those that are past are among `past`. */
  readonly faults: readonly Fault[];
  readonly past: readonly PastFault[];
  /** What nobody was told, and the last reason why. */
  readonly kept?: { readonly count: number; readonly why: string; readonly at: Time };
  /** The second look that is asked for, and how many there were in this incident. */
  readonly look?: { readonly due: Time | null; readonly count: number };
  /** When AWS was read last, and the fault that it showed, which goes on and is told. */
  readonly read?: { readonly at: Time; readonly id: string };
}

/** The verdict of a triage, as far as two of them are compared; `failed` is a triage that was none. */
export type Sureness = Diagnosis['verdict']['status'] | 'failed';

export interface Fault {
  /** Tells it from the other faults of this load balancer. */
  readonly id: string;
  readonly fingerprint: string;
  readonly cause: CauseId | null;
  readonly sureness: Sureness;
  /** The verdict's sentence. */
  readonly says: string;
  readonly incidentId: string;
  /** When its first alarm changed its state. */
  readonly since: Time;
  readonly told: readonly { readonly at: Time; readonly sureness: Sureness }[];
  readonly firstTold?: Time;
  readonly seen: number;
  /** By the alarms' own times. */
  readonly lastAlarm: Time;
  /** How often it came back after it was told as over. */
  readonly returns: number;
  readonly over?: { readonly at: Time; readonly told: boolean };
  /** What a message that follows says instead. */
  readonly superseded?: true;
  /** It was over as it was first looked at: its end is all that is told. */
  readonly held?: true;
  readonly toldThatItStands?: true;
  readonly change?: Change;
  readonly mended?: Change;
}

export interface PastFault {
  readonly id: string;
  readonly from: Time;
  readonly to: Time;
  readonly mended?: Change;
}

export const NOTHING_SAID: Talk = { faults: [], past: [] };

/** One event, and what AWS showed as it was looked at. */
export interface Heard {
  /** By AWS's clock. */
  readonly now: Time;
  readonly readAt: Time;
  readonly by: 'alarm' | 'second-look';
  readonly isOk: boolean;
  /** When the alarm changed its state. */
  readonly at: Time;
  readonly fault: Pick<Fault, 'id' | 'fingerprint' | 'cause' | 'sureness' | 'says' | 'incidentId' | 'change'>;
  /** The errors are over, as the contract has it. */
  readonly over: boolean;
  readonly mended?: Change;
  /** Why nobody needs to hear of it, whatever was said before: one bad request, the usual background. */
  readonly harmless?: string;
  /** A mute rule or maintenance in force. */
  readonly hushed?: { readonly why: string; readonly until?: Time };
  /** Causes that this triage could not judge. */
  readonly undetermined: readonly CauseId[];
  /** CloudTrail or the logs of the onset may tell more. */
  readonly awaitsMore: boolean;
}

export interface Rules {
  readonly coolDownSeconds: number;
  /** There is a queue: what is not said now can be said later. */
  readonly looksAgain: boolean;
}

export interface Said {
  readonly kind: 'triage' | 'update' | 'recovered';
  readonly changed?: NonNullable<Diagnosis['changed']>;
  /** Of what was told, what this takes the place of. */
  readonly before?: Fault;
  /** As it is now. */
  readonly fault: Fault;
  readonly because: 'first' | 'changed' | 'back' | 'stands' | 'still' | 'over';
  /** The same fault, in the time that is remembered. */
  readonly earlier: readonly PastFault[];
  /** What made no message before the first. */
  readonly kept?: NonNullable<Talk['kept']>;
}

export interface Decision {
  readonly say: Said | null;
  /** Why nothing is said, or what is said of it: a line of the log. */
  readonly why: string;
  readonly after: Talk;
}
