import type { Target } from '../../../incident/evidence.ts';
import { count, formatNumber, inSeconds, percent, resource, text, time } from '../../../incident/text.ts';
import { moreTargets } from '../../../remedies/capacity.ts';
import { replicas } from '../../../remedies/kubernetes/pod-remedies.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type EpisodeSpan, QUIET_ERRORS } from '../../../semantics/errors/episode.ts';
import { allErrors } from '../../../semantics/errors/error-series.ts';
import { type CpuRise, highestCpuRise } from '../../../semantics/load/target-cpu.ts';
import { groupsOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { type RequestSurge, requestSurgeBefore } from '../../../semantics/traffic/request-surge.ts';
import { type Slowdown, slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import { defineCause, type Found, oneFinding, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { OVERLOAD_ERRORS } from '../../kit/targets-at-limit.ts';

/** Of a minute's answers: a mean of the minutes' medians is no median of them all. */
const MEASURED = { p50: 'median', p99: '99th percentile' } as const;

export default defineCause({
  id: 'traffic-surge',
  needs: ['errors', 'load'],
  uses: ['servingTargets', 'targetInterfaces', 'instances', 'autoScalingInstances', 'autoScalingGroups', 'ecsServices'],
  causes: [
    'cpu-saturated',
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'health-check-timeout-too-short',
    'target-returns-5xx',
  ],
  inCluster: { mends: [replicas] },

  examine({ errors, load, servingTargets: targets = [], ...seen }) {
    const { metrics, episode, series } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`);
    const surge = requestSurgeBefore(errors.requests, allErrors(series), episode);
    if (surge === 'not-seen') {
      const detail = 'too few minutes before the errors were seen to know what is usual';
      return unsure({ evidence: 'loadBalancerMetrics', why: 'partial', detail });
    }
    if (surge === null)
      return ruledOut(text`requests did not double before the errors, or rose no more than the errors did`);
    const follows = { first: Math.max(surge.first, episode.span.first - 1), last: episode.span.first + 5 };
    const before = { first: surge.first - 60, last: surge.first - 1 };
    const slower = slowdownIn(metrics, before, follows);
    const busy = highestCpuRise(targets, load.cpuOf, before, follows);
    const fixes = moreTargets(targets, seen, episode.onset, surge.peak / surge.usual);
    return oneFinding(findingOf(surge, { slower, busy }, episode, targets, fixes));
  },
});

interface Effects {
  readonly slower: Slowdown | 'not-seen' | null;
  readonly busy: CpuRise | null;
}

function findingOf(
  { first, usual, peak, borneBefore }: RequestSurge,
  { slower, busy }: Effects,
  { grid, onset, errors }: EpisodeSpan,
  targets: readonly Target[],
  fixes: readonly Remedy[],
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'instanceMetrics' | 'serviceMetrics'> {
  const since = timeOfMinute(grid, first);
  const slow = slower === 'not-seen' ? null : slower;
  const followed = slow !== null || busy !== null;
  return {
    strength: followed && !borneBefore ? 'strong' : 'circumstantial',
    says: text`Requests rose to ${Math.floor((10 * peak) / usual) / 10} times the usual before ${errors <= QUIET_ERRORS ? text`${count(errors, 'request')} failed` : 'the errors began'}`,
    since,
    because: [
      citeAt(since)
        .loadBalancerMetrics`${formatNumber(Math.round(usual))} requests a minute before, up to ${formatNumber(Math.round(peak))} from ${time(since)} on; ${errors <= QUIET_ERRORS ? text`${count(errors, 'error')} from ${time(onset)} on` : text`errors from ${time(onset)} on`}`,
      slow &&
        cite.loadBalancerMetrics`the ${MEASURED[slow.of]} of response times per minute was ${inSeconds(slow.after)} on average as the errors began, against ${inSeconds(slow.before)} before`,
      busy && {
        from: busy.cpu.from,
        shows: text`CPU of ${resource(busy.cpu.of)} rose with them, to ${percent(Math.min(1, busy.to / 100))}`,
      },
      borneBefore && cite.loadBalancerMetrics`as many requests were answered earlier without errors`,
    ],
    affects: { targetGroups: groupsOf(targets), targets: [] },
    explains: OVERLOAD_ERRORS,
    fixes,
    facts: { usualPerMinute: Math.round(usual), peakPerMinute: peak },
  };
}
