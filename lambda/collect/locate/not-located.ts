import type { Gap } from '../../incident/observed.ts';
import type { Subject } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import type { PartialList } from '../aws.ts';
import type { CallFailed, Reason } from '../errors.ts';

/** Why no load balancer could be found. */
export interface LocateFailure {
  readonly reason: Reason | 'not-an-alb' | 'no-load-balancer' | 'ambiguous';
  /** One sentence: what is wrong, and what to do. */
  readonly message: string;
  /** The IAM action that was refused. */
  readonly action?: string;
  /** AWS's time, where it answered at all. */
  readonly at?: Time;
  readonly about?: Partial<Subject>;
  /** It was asked by an alarm that is not there. */
  readonly missing?: 'alarm';
}

type More = Pick<LocateFailure, 'action' | 'about' | 'missing'>;

export class NotLocated extends Error {
  readonly failure: LocateFailure;

  constructor(reason: LocateFailure['reason'], message: string, more: More = {}) {
    super(message);
    this.failure = { reason, message, ...more };
  }
}

/** All of a list: what is not among a part of it may still be there. */
export function wholeList<T>({ items, gaps }: PartialList<T>): readonly T[] {
  const [gap] = gaps;
  if (gap === undefined) return items;
  if (gap.why !== 'denied' || gap.action === undefined) throw new NotLocated(reasonOf(gap), gap.detail);
  throw new NotLocated('denied', `${gap.detail}: ${allowed('the caller')}`, { action: gap.action });
}

/** What was refused, to whom, as far as AWS's answer says so, and what to do. */
export function refusalSaid({ message, said }: CallFailed): string {
  const caller = /\bUser: (arn:\S+) is not authorized/.exec(said)?.[1] ?? 'the caller';
  const [, denying] = /\bexplicit deny in an? ([a-z][a-z -]*[a-z])/i.exec(said) ?? [];
  if (denying !== undefined) return `${message}: an explicit deny in ${withArticle(denying)} holds for ${caller}`;
  const [, silent = IDENTITY] = /\bbecause no ([a-z][a-z -]*[a-z]) allows\b/i.exec(said) ?? [];
  // A policy of the caller's own would not help.
  if (silent !== IDENTITY) return `${message}: no ${silent} allows it for ${caller}`;
  return `${message}: ${allowed(caller)}`;
}

const IDENTITY = 'identity-based policy';

function allowed(caller: string): string {
  return `allow ${caller} to call it; \`alb-triage policy\` prints all the permissions needed`;
}

function withArticle(words: string): string {
  return `${/^[aeiou]/i.test(words) ? 'an' : 'a'} ${words}`;
}

function reasonOf({ why }: Gap): Reason {
  return why === 'denied' || why === 'throttled' || why === 'timed-out' ? why : 'failed';
}
