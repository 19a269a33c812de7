import type { Request, Trigger } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';

/** A second look: when it is due, what was said so far, and the message itself, to be sent on where it came too early. */
export interface SecondLook {
  readonly due: Time;
  readonly talk: unknown;
  readonly message: unknown;
}

/** An event that waited for its turn. `by`: who was granted it, at `due`; else it asks for one again. */
export interface Deferral {
  readonly due: Time;
  readonly by?: string | undefined;
  readonly message: unknown;
}

/** What one event, or one record of it, asks for. */
export type Intake =
  /** `follow-up`: the alarm is over. */
  | {
      readonly do: 'triage' | 'follow-up';
      readonly request: Request;
      readonly publish: boolean;
      readonly look?: SecondLook;
      readonly deferral?: Deferral;
    }
  /** An alarm, certainly, but of nothing that could be triaged: it is answered with why. */
  | {
      readonly do: 'fail';
      readonly why: string;
      readonly trigger: Trigger;
      readonly region: string | null;
      readonly accountId: string | null;
      readonly publish: boolean;
    }
  | { readonly do: 'ignore'; readonly why: string }
  /** One record of several that is none of the accepted forms: refused once the others are answered. */
  | { readonly do: 'refuse'; readonly why: string };
