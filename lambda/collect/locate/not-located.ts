import type { Gap } from '../../incident/observed.ts';
import type { Subject } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import type { PartialList } from '../aws.ts';
import type { Reason } from '../errors.ts';

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
}

export class NotLocated extends Error {
  readonly failure: LocateFailure;

  constructor(reason: LocateFailure['reason'], message: string, more: Pick<LocateFailure, 'action' | 'about'> = {}) {
    super(message);
    this.failure = { reason, message, ...more };
  }
}

/** All of a list: what is not among a part of it may still be there. */
export function wholeList<T>({ items, gaps }: PartialList<T>): readonly T[] {
  const [gap] = gaps;
  if (gap === undefined) return items;
  const refused = gap.why === 'denied' && gap.action !== undefined;
  throw new NotLocated(reasonOf(gap), gap.detail, refused ? { action: gap.action } : {});
}

function reasonOf({ why }: Gap): Reason {
  return why === 'denied' || why === 'throttled' || why === 'timed-out' ? why : 'failed';
}
