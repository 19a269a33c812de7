import type { Instance, InstanceMetric, MetricsById, Target } from '../../../incident/evidence.ts';
import { andList, code, count, percent, resource, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { jointOwner, managerOf } from '../../../remedies/owner.ts';
import { fix } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { MEMORY_FULL, memoryUseBefore } from '../../../semantics/load/memory-use.ts';
import { failsChecks, groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';

/** Instances whose memory was full as the errors began, and had not been before: nothing tells that any was killed for it. */
export function fullInstances(
  targets: readonly Target[],
  metrics: MetricsById<InstanceMetric> | undefined,
  instances: readonly Instance[],
  episode: EpisodeSpan,
): readonly Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'instanceMetrics'>[] {
  const used = new Map((metrics?.of ?? []).map(({ id, values }) => [id, values.mem_used_percent]));
  const known = new Map(instances.map((one) => [one.id, one]));
  const { onset, grid } = episode;
  const full = targets.flatMap((target) => {
    const memory = memoryUseBefore(used.get(target.id), episode);
    return memory?.rose ? [{ target, first: memory.first ?? 0, most: memory.most }] : [];
  });
  return groupBy(full, ({ target }) => target.targetGroup).map((group) => {
    const [{ target }] = group;
    const own = group.map((one) => one.target);
    const ids = [...new Set(own.map(({ id }) => id))];
    const names = andList(ids.map(resource), 6);
    const since = timeOfMinute(grid, Math.min(...group.map(({ first }) => first)));
    const owner = jointOwner(ids.flatMap((id) => managerOf(known.get(id)?.tags) ?? []));
    return {
      strength: 'circumstantial',
      says: text`The memory of ${ids.length === 1 ? names : count(ids.length, 'target')} of ${resource(groupName(target.targetGroup))} was full as the errors began`,
      since,
      because: [
        citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
        citeAt(since)
          .instanceMetrics`${code('mem_used_percent')} of ${names} at ${MEMORY_FULL} % or more from ${time(since)} on, up to ${percent(Math.min(1, Math.max(...group.map(({ most }) => most)) / 100))}`,
      ],
      affects: scopeOf(own),
      explains: ['502', '503', '504'],
      fixes: [
        fix(
          text`restart the application on ${names}, which frees its memory; then give it more memory, or a smaller heap and caches`,
          { verify: own.some(failsChecks) ? showHealth(target.targetGroup) : null, managedBy: owner },
        ),
      ],
      restart: {
        says: text`it frees their memory only for a while: it fills up again until they get more`,
      },
      facts: { instances: ids.slice(0, 50), killed: 0, memory: Math.max(...group.map(({ most }) => most)) },
    };
  });
}
