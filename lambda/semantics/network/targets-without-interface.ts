import type { EcsTask, NetworkInterface, Target } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';

/**
 * Of targets that answer nothing, those at addresses that no network interface holds. The address of a task that runs is
 * held, by ECS's own word.
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
  return new Set(targets.filter((target) => nowhere.has(target.id) && !held.has(target.id)));
}
