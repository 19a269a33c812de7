import type { Strength } from '../../incident/cause.ts';
import type { Time } from '../../incident/text.ts';
import type { FunctionFailures } from './function-failures.ts';
import type { Invocability } from './invocability.ts';

/** Failures that make up this share of the errors account for them. */
export const MOST = 0.5;

/** A function with what was counted of it while the load balancer answered errors. */
export interface CountedFunction extends FunctionFailures {
  readonly errors502: number;
  /** No other group gets requests: all errors are its own. */
  readonly alone: boolean;
  readonly invocability: Invocability;
}

/** A way in which a function that is invoked fails the load balancer. */
export interface FunctionFault {
  readonly kind: 'throttled' | 'timed-out' | 'errors' | 'shape';
  readonly strength: Strength;
  readonly since?: Time;
}

export function faultOf(one: CountedFunction): FunctionFault | null {
  const { throttled, failing, timesOut, userErrors, errors502, alone } = one;
  if (userErrors === 0) return null;
  // Whether the 502s are this group's own.
  const own = userErrors === null ? alone : userErrors >= MOST * errors502;
  const isThrottled = (throttled?.count ?? 0) >= (failing?.count ?? 0);
  const most = isThrottled ? throttled : failing;
  if (most !== null && most.count > 0) {
    const kind = isThrottled ? 'throttled' : timesOut ? 'timed-out' : 'errors';
    const accounts = most.count >= MOST * (userErrors ?? errors502);
    return { kind, strength: own && accounts ? 'decisive' : 'circumstantial', since: most.since };
  }
  if (!answersOddly(one)) return null;
  return { kind: 'shape', strength: own && isItsShape(one) ? 'strong' : 'circumstantial' };
}

/** It runs, and neither fails nor is refused. Were it not invoked for the load balancer, another cause tells. */
function answersOddly({ invocations, errors, throttles, userErrors, alone, invocability }: CountedFunction): boolean {
  const runsWell = (invocations ?? 0) > 0 && errors === 0 && (throttles ?? 0) === 0;
  return runsWell && (userErrors !== null || alone) && ['open', 'unknown'].includes(invocability.is);
}

/** It is invoked for the requests, and the load balancer counts what it answers as its error. */
function isItsShape({ userErrors, invocations, requests, invocability }: CountedFunction): boolean {
  const invoked = requests !== null && (invocations ?? 0) >= MOST * requests;
  return invoked && invocability.is === 'open' && (userErrors ?? 0) > 0;
}
