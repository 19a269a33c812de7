import type { ErrorKind } from '../../../incident/cause.ts';
import { code, count, formatNumber, joined, type Text, text, time } from '../../../incident/text.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { baselineOf, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { meanOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut } from '../../cause.ts';

/** From this share of the errors of its kinds on, what the agents count is of their order. */
const MANY = 0.5;
/** Agents that are left, among those of the hour before, below which some are down. */
const LEFT = 0.9;

export default defineCause({
  id: 'target-optimizer-rejecting',
  needs: ['loadBalancerMetrics'],

  examine({ loadBalancerMetrics: metrics }, { window }) {
    const { values } = metrics;
    const reported = Object.keys(values).some((name) => name.startsWith('TargetControl'));
    if (!reported) return notApplicable(text`target optimizer reports nothing: it is not in use`);
    const episode = errorEpisode(metrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`);

    const errors = errorSeries(metrics);
    const of = (...kinds: ErrorKind[]) => kinds.reduce((sum, kind) => sum + errorsInEpisode(errors, kind, episode), 0);
    const rejects = riseOf(withZeros(metrics, 'TargetControlRequestRejectCount'), episode);
    const broken = riseOf(withZeros(metrics, 'TargetControlChannelErrorCount'), episode);
    const channels = values.TargetControlActiveChannelCount ?? [];
    const [before, now] = [baselineOf(channels, episode), meanOf(valuesIn(channels, episode.span))];
    const fewer = before !== null && now !== null && now < LEFT * before;
    const agents: Text | null = fewer
      ? text`${code('TargetControlActiveChannelCount')}: ${formatNumber(Math.round(now))}, against ${formatNumber(Math.round(before))} in the hour before: agents are down`
      : null;

    return foundOr(
      [
        ...finding(rejects, of('503'), ['503'], {
          says: text`Target optimizer rejects requests: no target is ready for one more`,
          metric: 'TargetControlRequestRejectCount',
          agents,
        }),
        ...finding(broken, of('502', '504'), ['502', '504'], {
          says: text`The load balancer cannot reach target optimizer agents`,
          metric: 'TargetControlChannelErrorCount',
          agents,
        }),
      ],
      text`no agent of target optimizer began to reject requests or to fail`,
    );
  },
});

interface Words {
  readonly says: Text;
  readonly metric: string;
  readonly agents: Text | null;
}

function finding(
  rise: { readonly since: string; readonly count: number } | null,
  errors: number,
  explains: readonly ErrorKind[],
  { says, metric, agents }: Words,
): readonly Found<'loadBalancerMetrics', 'loadBalancerMetrics'>[] {
  if (rise === null || errors === 0) return [];
  return [
    {
      strength: rise.count >= MANY * errors ? 'strong' : 'circumstantial',
      says,
      since: rise.since,
      because: [
        {
          from: 'loadBalancerMetrics',
          shows: text`${code(metric)}: ${formatNumber(rise.count)} from ${time(rise.since)} on, against ${count(errors, 'request')} answered ${joined(explains.map(code), ' or ')}`,
          at: rise.since,
        },
        ...(agents === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: agents }]),
      ],
      affects: { targetGroups: [], targets: [] },
      explains,
      fixes: [
        {
          does: text`see what was changed in the hour before`,
          run: whatChangedBefore(rise.since),
          changes: false,
          undo: null,
          verify: null,
        },
        {
          does:
            agents === null
              ? text`add targets, or raise the concurrency that their agents allow if the targets bear it`
              : text`start the agents on the targets again: their log says why they stopped`,
          run: null,
          changes: true,
          undo: null,
          verify: null,
        },
      ],
      facts: { metric, count: rise.count, errors },
    },
  ];
}
