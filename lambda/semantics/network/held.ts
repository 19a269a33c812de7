import type { NetworkInterface, Target } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';

/**
 * Silent targets at addresses that no network interface holds: whatever answered there, a pod or a task, is gone. One that
 * gives any answer is held by somebody, whom this account may not see.
 */
export function heldByNobody(
  targets: readonly Target[],
  interfaces: Observed<readonly NetworkInterface[]>,
): ReadonlySet<Target> {
  if (!interfaces.seen) return new Set();
  const nowhere = new Set(interfaces.gaps.flatMap(({ why, ids = [] }) => (why === 'partial' ? ids : [])));
  return new Set(targets.filter((target) => nowhere.has(target.id) && isSilent(target)));
}

function isSilent({ state, reason }: Target): boolean {
  return state === 'unhealthy' && reason === 'Target.Timeout';
}
