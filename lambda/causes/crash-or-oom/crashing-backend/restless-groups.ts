import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { code, count, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { fallsOfHealthy } from '../../../semantics/targets/health-history.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** Times that targets of a group were lost: once is an event, twice a pattern. */
const OSCILLATES = 2;

/** Groups whose targets go down and come back, as processes do that crash and are started again. */
export function restlessGroups(
  asked: readonly string[],
  metrics: MetricsById<TargetGroupMetric> | undefined,
  errors502: number,
  episode: EpisodeSpan,
): Found<'loadBalancerMetrics', 'targetGroupMetrics'> | null {
  const groups = asked.filter((arn) => fallsOfHealthy(metrics, arn, episode) >= OSCILLATES);
  if (groups.length === 0 || errors502 === 0) return null;
  const { onset } = episode;
  const names = groupsSaid(groups);
  return {
    strength: 'circumstantial',
    says: text`Targets of ${names} go down and come back: processes may crash and restart`,
    because: [
      citeAt(onset).loadBalancerMetrics`${count(errors502, 'request')} answered ${code('502')} since ${time(onset)}`,
      cite.targetGroupMetrics`${code('HealthyHostCount')} of ${names} fell ${OSCILLATES} times or more in these minutes`,
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [look(SEE_PROCESS, null, showHealth(groups[0] ?? ''))],
    facts: { groups },
  };
}

const SEE_PROCESS = text`see on a target how long its process has run, and why the one before ended`;
