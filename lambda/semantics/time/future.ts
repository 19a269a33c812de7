import type { Time } from '../../incident/text.ts';
import { secondsBetween } from './minutes.ts';

/** A few minutes are no more than a difference of clocks, in seconds. */
const CLOCKS = 300;

/** Whether a moment had not come at another, by AWS's clock. */
export function isFuture(at: Time, now: Time): boolean {
  return secondsBetween(now, at) > CLOCKS;
}
