import type { Text } from '../../incident/text.ts';
import { managedByField } from '../../remedies/owner.ts';
import type { Remedy } from '../../remedies/remedy.ts';

export const IDLE_TIMEOUT = 'idle_timeout.timeout_seconds';
export const DEFAULT_IDLE_TIMEOUT = 60;

/** Sets the idle timeout of a load balancer to another value than it has now. */
export function idleTimeoutSet(
  does: Text,
  to: number,
  now: number,
  arn: string,
  tags: Readonly<Record<string, string>>,
): Remedy {
  const set = (value: number) => [
    ...['aws', 'elbv2', 'modify-load-balancer-attributes', '--load-balancer-arn', arn],
    ...['--attributes', `Key=${IDLE_TIMEOUT},Value=${value}`],
  ];
  return {
    does,
    run: set(to),
    changes: true,
    undo: set(now),
    verify: ['aws', 'elbv2', 'describe-load-balancer-attributes', '--load-balancer-arn', arn],
    ...managedByField(tags),
  };
}
