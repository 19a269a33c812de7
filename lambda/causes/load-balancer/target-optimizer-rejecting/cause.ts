import type { Errors } from '../../../computed/errors.ts';
import { code, count, formatNumber, orList, text, time } from '../../../incident/text.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import { fix, look } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { baselineOf, type EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { usesTargetOptimizer, withZeros } from '../../../semantics/errors/error-series.ts';
import { meanOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { hourBefore } from '../../kit/before-words.ts';

/** From this share of the errors of its kinds on, what the agents count is of their order. */
const MANY = 0.5;
/** Agents that are left, among those of the hour before, below which some are down. */
const LEFT = 0.9;

/** What the agents count, and what the load balancer answers then. */
const COUNTS = [
  {
    metric: 'TargetControlRequestRejectCount',
    explains: ['503'],
    says: text`Target optimizer rejects requests: no target is ready for another one`,
  },
  {
    metric: 'TargetControlChannelErrorCount',
    explains: ['502', '504'],
    says: text`The load balancer cannot reach target optimizer agents`,
  },
] as const;

export default defineCause({
  id: 'target-optimizer-rejecting',
  needs: ['errors'],

  examine({ errors }) {
    if (!usesTargetOptimizer(errors.metrics))
      return notApplicable(text`target optimizer sends no metrics: it is not in use`);
    const { episode } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`);
    return foundOr(
      COUNTS.flatMap((each) => findingOf(each, errors, episode) ?? []),
      text`no agent of target optimizer began to reject requests or to fail`,
    );
  },
});

function findingOf(
  { metric, explains, says }: (typeof COUNTS)[number],
  { metrics, count: countOf }: Errors,
  episode: EpisodeSpan,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics'> | null {
  const rise = riseOf(withZeros(metrics, metric), episode);
  const errors = countOf(...explains);
  if (rise === null || errors === 0) return null;
  const losses = lostAgents(metrics, episode);
  return {
    strength: rise.count >= MANY * errors ? 'strong' : 'circumstantial',
    says,
    since: rise.since,
    because: [
      citeAt(rise.since)
        .loadBalancerMetrics`${code(metric)}: ${formatNumber(rise.count)} from ${time(rise.since)} on, against ${count(errors, 'request')} answered ${orList(explains.map(code), ' or ')}`,
      losses,
    ],
    affects: { targetGroups: [], targets: [] },
    explains,
    fixes: [
      look(text`see what changed in the hour before`, whatChangedBefore(rise.since)),
      losses === null
        ? fix(text`add targets, or raise the concurrency that their agents allow if the targets can handle it`)
        : fix(text`start the agents on the targets again: their log shows why they stopped`),
    ],
    facts: { metric, count: rise.count, errors },
  };
}

function lostAgents({ values }: Errors['metrics'], episode: EpisodeSpan) {
  const channels = values.TargetControlActiveChannelCount ?? [];
  const [before, now] = [baselineOf(channels, episode), meanOf(valuesIn(channels, episode.span))];
  if (before === null || now === null || now >= LEFT * before) return null;
  return cite.loadBalancerMetrics`${code('TargetControlActiveChannelCount')}: ${formatNumber(Math.round(now))}, against ${formatNumber(Math.round(before))} in ${hourBefore(episode)}: agents are down`;
}
