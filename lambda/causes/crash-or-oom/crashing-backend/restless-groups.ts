import type { Errors } from '../../../computed/errors.ts';
import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { code, count, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { fallsOfHealthy, firstFallOfHealthy } from '../../../semantics/targets/health-history.ts';
import { slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** Times that targets of a group were lost: once is an event, twice a pattern. */
const OSCILLATES = 2;
/** The minutes before the first loss in which answers must have become slow: some checks fail until a target is lost. */
const LEAD = 3;

/** Groups whose targets go down and come back, as processes do that crash and are started again. */
export function restlessGroups(
  asked: readonly string[],
  metrics: MetricsById<TargetGroupMetric> | undefined,
  errors: Errors,
  episode: EpisodeSpan,
): Found<'loadBalancerMetrics', 'targetGroupMetrics'> | null {
  const errors502 = errors.count('502');
  const groups = asked.filter(
    (arn) => fallsOfHealthy(metrics, arn, episode) >= OSCILLATES && !slowsBeforeFalls(metrics, arn, errors),
  );
  if (groups.length === 0 || errors502 === 0) return null;
  const { onset } = episode;
  const names = groupsSaid(groups);
  return {
    strength: 'circumstantial',
    says: text`Targets of ${names} go down and recover: processes may crash and restart`,
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

/**
 * Answers that become slow before a target is lost make the checks wait until they time out: the count goes up and down
 * with the load, and no process need have ended.
 */
function slowsBeforeFalls(metrics: MetricsById<TargetGroupMetric> | undefined, arn: string, errors: Errors): boolean {
  const values = metrics?.of.find(({ id }) => id === arn)?.values;
  const fall = firstFallOfHealthy(values?.['HealthyHostCount.min'], errors.span);
  if (values === undefined || fall === null) return false;
  const before = { first: errors.span.first - 60, last: fall - LEAD - 1 };
  // Where AWS sent no response times by group, those of the load balancer are all there is.
  const own = slowdownIn({ ...errors.metrics, values }, before, { first: fall - LEAD, last: fall - 1 });
  const slower = own === 'not-seen' ? slowdownIn(errors.metrics, before, { first: fall - LEAD, last: fall - 1 }) : own;
  return slower !== null && slower !== 'not-seen';
}

const SEE_PROCESS = text`look on a target how long its process has run, and why the previous one ended`;
