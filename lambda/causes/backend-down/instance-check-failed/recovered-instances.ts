import type { InstanceMetric, MetricsById, Target } from '../../../incident/evidence.ts';
import { code, resource, text, time } from '../../../incident/text.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { minuteOfFailedCheck } from '../../../semantics/targets/status-checks.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** Instances whose status checks failed as the errors began, and pass now. */
export function recoveredInstances(
  targets: readonly Target[],
  metrics: MetricsById<InstanceMetric> | undefined,
  episode: EpisodeSpan | null,
): readonly Found<'instanceStatus', 'instanceStatus' | 'instanceMetrics'>[] {
  if (episode === null || metrics === undefined) return [];
  return metrics.of.flatMap(({ id, values }) => {
    const affected = targets.filter((target) => target.id === id);
    const first = minuteOfFailedCheck(values, episode.span);
    if (affected.length === 0 || first === null) return [];
    const at = timeOfMinute(metrics.grid, first);
    return [
      {
        strength: 'strong',
        says: text`${resource(id)} failed its EC2 status checks, and has recovered since`,
        since: at,
        because: [
          cite.instanceStatus`${resource(id)} passes its status checks now`,
          citeAt(at).instanceMetrics`${code('StatusCheckFailed')} was above 0 from ${time(at)}`,
        ],
        affects: scopeOf(affected),
        explains: ['502', '504'],
        fixes: [],
        facts: { instances: [id] },
      },
    ];
  });
}
