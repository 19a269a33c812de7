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

export const targetOptimizerRejecting = defineCause({
  id: 'target-optimizer-rejecting',
  category: 'load-balancer',
  title: 'Target optimizer agents reject requests, or are down',
  explains: `With target optimizer, an agent on each target tells the load balancer how many requests it will take. When no target is
ready for one more, the load balancer answers 503 at once: that is back-pressure, no broken infrastructure. When agents cannot be
reached or close the connection, it answers 504 or 502.`,
  proof: `TargetControlRequestRejectCount rises with the 503s and makes up half of them or more, or TargetControlChannelErrorCount
does so with the 502 and 504: strong. Fewer: circumstantial.`,
  resembles: `A 503 is also answered for a group without targets (\`no-registered-targets\`) and by a fixed response; neither
is counted in TargetControlRequestRejectCount. Rejections are what overload looks like here: see \`traffic-surge\` and
\`cpu-saturated\` for why targets are not ready.`,
  remedy: `Rejections: add targets, or raise the concurrency that their agents allow where the targets bear more. Agents that
are down: start them again, their log says why they stopped, and let the load balancer reach their control port.`,
  prevention: `Set each agent's concurrency to what its target really bears, and let the number of targets follow
TargetControlRequestRejectCount. Alarm on TargetControlActiveChannelCount below the number of agents.`,
  docs: ['https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html'],
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
