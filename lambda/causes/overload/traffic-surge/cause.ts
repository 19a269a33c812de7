import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { formatNumber, percent, resource, text, time } from '../../../incident/text.ts';
import { replicas } from '../../../remedies/kubernetes/pod-remedies.ts';
import { errorEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { allErrors, errorSeries } from '../../../semantics/errors/error-series.ts';
import { cpuIn, type TargetCpu } from '../../../semantics/load/target-cpu.ts';
import { groupsOf, isUsable } from '../../../semantics/targets/targets.ts';
import { maxOf, meanOf, type Span, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { secondsSaid } from '../../../semantics/traffic/latency.ts';
import { requestSurgeBefore } from '../../../semantics/traffic/request-surge.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import { defineCause, foundOr, ruledOut, unsure } from '../../cause.ts';
import { moreTargets } from '../limit/more-targets.ts';

/** CPU from this many percent on has followed the requests. */
const BUSY = 80;

export default defineCause({
  id: 'traffic-surge',
  needs: ['loadBalancerMetrics'],
  uses: [
    'targetHealth',
    'listenerRules',
    'instanceMetrics',
    'serviceMetrics',
    'ecsServices',
    'targetInterfaces',
    'tags',
    'instances',
    'autoScalingInstances',
    'autoScalingGroups',
  ],
  causes: [
    'cpu-saturated',
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'health-check-timeout-too-short',
    'target-returns-5xx',
  ],
  inCluster: { mends: [replicas] },

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics } = seen;
    const episode = errorEpisode(metrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`);
    const requests = requestSeries(metrics);
    const surge = requestSurgeBefore(requests, allErrors(errorSeries(metrics)), episode);
    if (surge === 'not-seen') {
      return unsure({
        evidence: 'loadBalancerMetrics',
        why: 'partial',
        detail: 'too few minutes before the errors were seen to tell what is usual',
      });
    }
    if (surge === null) return ruledOut(text`requests did not rise before the errors, or no more than the errors`);

    const targets = servingTargets(ifSeen(seen.targetHealth) ?? [], seen.listenerRules);
    const follows = { first: Math.max(surge.first, episode.span.first - 1), last: episode.span.first + 5 };
    const before = { first: surge.first - 60, last: surge.first - 1 };
    const slower = slowdownIn(metrics, before, follows);
    const busy = busiest(targets, cpuIn(seen), before, follows);
    const since = timeOfMinute(metrics.grid, surge.first);
    const times = Math.floor((10 * surge.peak) / surge.usual) / 10;
    const slow = slower === 'not-seen' ? null : slower;
    const followed = slow !== null || busy !== null;
    return foundOr(
      [
        {
          strength: followed && !surge.borneBefore ? 'strong' : 'circumstantial',
          says: text`Requests rose to ${times} times the usual before the errors began`,
          since,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${formatNumber(Math.round(surge.usual))} requests a minute before, up to ${formatNumber(Math.round(surge.peak))} from ${time(since)} on; errors from ${time(episode.onset)} on`,
              at: since,
            },
            ...(slow === null
              ? []
              : [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`${slow.of} took ${secondsSaid(slow.after)} as the errors began, against ${secondsSaid(slow.before)} before`,
                  },
                ]),
            ...(busy === null
              ? []
              : [
                  {
                    from: busy.cpu.from,
                    shows: text`CPU of ${resource(busy.cpu.of)} rose with them, to ${percent(Math.min(1, busy.now / 100))}`,
                  },
                ]),
            ...(surge.borneBefore
              ? [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`as many requests were answered earlier, without errors`,
                  },
                ]
              : []),
          ],
          affects: { targetGroups: groupsOf(targets), targets: [] },
          explains: EXPLAINED,
          fixes: targets.length === 0 ? [] : moreTargets(targets, seen),
          facts: { usualPerMinute: Math.round(surge.usual), peakPerMinute: surge.peak },
        },
      ],
      text``,
    );
  },
});

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

function servingTargets(targets: readonly Target[], rules: Observed<readonly ListenerRule[]>): readonly Target[] {
  const routed = rules.seen ? new Set(routedGroups(rules.value)) : null;
  return targets.filter((target) => isUsable(target) && (routed?.has(target.targetGroup) ?? true));
}

/** The target whose CPU rose the most, if it rose to where it hurts. */
function busiest(
  targets: readonly Target[],
  cpuOf: (target: Target) => TargetCpu | undefined,
  before: Span,
  after: Span,
) {
  const rises = targets.flatMap((target) => {
    const cpu = cpuOf(target);
    const [was, now] = [meanOf(valuesIn(cpu?.values, before)), maxOf(valuesIn(cpu?.values, after))];
    return cpu === undefined || was === null || now === null || now < BUSY || was > RESTED * now ? [] : [{ cpu, now }];
  });
  return rises.reduce<(typeof rises)[number] | null>((most, one) => (most && most.now >= one.now ? most : one), null);
}

/** Of what CPU it rose to, what it had before at most. */
const RESTED = 0.75;
