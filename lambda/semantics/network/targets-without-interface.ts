import type { EcsTask, NetworkInterface, Target } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';

/**
 * Silent targets at addresses that no network interface holds: whatever answered there, a pod or a task, is gone. One that
 * gives any answer is held by somebody, whom this account may not see; so is that of a task that runs, by ECS's own word.
 */
export function targetsWithoutInterface(
  targets: readonly Target[],
  interfaces: Observed<readonly NetworkInterface[]>,
  tasks: Observed<readonly EcsTask[]>,
): ReadonlySet<Target> {
  if (!interfaces.seen) return new Set();
  const nowhere = new Set(interfaces.gaps.flatMap(({ why, ids = [] }) => (why === 'partial' ? ids : [])));
  const running = tasks.seen ? tasks.value.filter(({ status }) => status === 'RUNNING') : [];
  const held = new Set(running.flatMap(({ addresses }) => addresses));
  return new Set(targets.filter((target) => nowhere.has(target.id) && isSilent(target) && !held.has(target.id)));
}

function isSilent({ state, reason }: Target): boolean {
  return state === 'unhealthy' && reason === 'Target.Timeout';
}
