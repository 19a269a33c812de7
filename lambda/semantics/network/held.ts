import type { NetworkInterface, Target } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';

/**
 * Silent targets at addresses that no network interface holds: whatever answered there, a pod or a task, is gone. One that
 * gives any answer is held by somebody, whom this account may not see.
 */
export function heldByNobody(
  targets: readonly Target[],
  interfaces: Observed<readonly NetworkInterface[]>,
): readonly Target[] {
  if (!interfaces.seen) return [];
  const nowhere = new Set(interfaces.gaps.flatMap(({ why, ids = [] }) => (why === 'partial' ? ids : [])));
  return targets.filter(({ id, state, reason }) => {
    return nowhere.has(id) && state === 'unhealthy' && reason === 'Target.Timeout';
  });
}
