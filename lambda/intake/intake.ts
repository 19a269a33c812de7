import type { Request, Trigger } from '../incident/question.ts';

/** What one event, or one record of it, asks for. */
export type Intake =
  /** `follow-up`: the alarm is over. */
  | { readonly do: 'triage' | 'follow-up'; readonly request: Request; readonly publish: boolean }
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
