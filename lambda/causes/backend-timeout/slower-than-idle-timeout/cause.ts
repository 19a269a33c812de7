import { ifSeen } from '../../../incident/observed.ts';
import { code, count, inSeconds, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { internalErrorsIn } from '../../../semantics/functions/function-failures.ts';
import { disksAtLimit, isReachedByOnset } from '../../../semantics/load/disk-limits.ts';
import { timesOutOn } from '../../../semantics/network/target-paths.ts';
import { unhealthySince } from '../../../semantics/targets/health-history.ts';
import { groupName, isUsable } from '../../../semantics/targets/targets.ts';
import { maxOf, plusSeconds, type Span, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import { type PastSetting, pastSetting } from '../../../semantics/time/past-setting.ts';
import { connectionErrorsIn, failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { rollout, settingChange } from '../../kit/changes.ts';
import { disksSaid } from '../../kit/disk-words.ts';
import { changed, fixesFor, relieved } from './slow-answers.ts';

/** Slowest answers from here on are near the idle timeout: those beyond it never show in TargetResponseTime. */
const NEAR = 0.75;
/** Up to this share of the 504s may be failed connections, and the rest still be slow answers. */
const FEW = 0.1;

export default defineCause({
  id: 'slower-than-idle-timeout',
  needs: ['loadBalancerMetrics', 'loadBalancerAttributes', 'loadBalancer'],
  uses: ['targetGroups', 'targetGroupMetrics', 'targetHealth', 'listenerRules', 'tags', 'instanceMetrics', 'changes'],
  madeBy: [settingChange(/^idle_timeout\.timeout_seconds$/)],
  setOffBy: [rollout],
  inCluster: { see: ['logs'] },

  examine(
    {
      loadBalancerMetrics,
      loadBalancerAttributes,
      loadBalancer,
      targetGroups,
      targetGroupMetrics,
      targetHealth,
      listenerRules,
      tags,
      instanceMetrics,
      changes,
    },
    { window },
  ) {
    const episode = errorEpisode(loadBalancerMetrics, window);
    const errors504 = episode ? errorsInEpisode(errorSeries(loadBalancerMetrics), '504', episode) : 0;
    if (episode === null || errors504 === 0) {
      return ruledOut(text`no request was answered ${code(504)}`, 'loadBalancerMetrics');
    }
    const routed = routedGroups(ifSeen(listenerRules) ?? []);
    const functions = (ifSeen(targetGroups) ?? []).flatMap(({ arn, targetType }) =>
      targetType === 'lambda' ? arn : [],
    );
    const onHosts = routed.filter((arn) => !functions.includes(arn));
    // A function is invoked: there is no connection that could be idle.
    if (routed.length > 0 && onHosts.length === 0) {
      return notApplicable(text`only functions get requests`, 'targetGroups', 'listenerRules');
    }
    const ofGroups = ifSeen(targetGroupMetrics)?.of ?? [];
    const ofLambda = internalErrorsIn(ofGroups, episode.span);
    if (ofLambda >= (1 - FEW) * errors504) {
      return ruledOut(
        text`the ${code(504)}s are of AWS Lambda: ${count(ofLambda, 'invocation')} failed by ${code('LambdaInternalError')}`,
        'targetGroupMetrics',
      );
    }
    const failedConnections = connectionErrorsIn(loadBalancerMetrics, episode.span) ?? 0;
    if (failedConnections > FEW * errors504) {
      return ruledOut(
        text`the ${code(504)}s are failed connections: ${count(failedConnections, 'connection error')} in the same minutes`,
        'loadBalancerMetrics',
      );
    }

    const handshakes = failedHandshakes(loadBalancerMetrics, episode.span);
    if (handshakes > FEW * errors504) {
      return ruledOut(
        text`the ${code(504)}s are failed TLS handshakes: ${count(handshakes, 'TLS negotiation error')} in the same minutes`,
        'loadBalancerMetrics',
      );
    }

    const now = Number(loadBalancerAttributes[IDLE_TIMEOUT] ?? DEFAULT_IDLE_TIMEOUT);
    const then = pastSetting(ifSeen(changes) ?? [], loadBalancer.arn, IDLE_TIMEOUT, plusSeconds(episode.onset, 60));
    const idle = then === undefined ? now : Number(then.value);
    const before = { first: Math.max(0, episode.span.first - 10), last: episode.span.last };
    // How long functions run is in the load balancer's own count, too.
    const slowestIn = (span: Span) =>
      onHosts.length === routed.length
        ? slowestAnswer(loadBalancerMetrics.values, span)
        : maxOf(ofGroups.flatMap(({ id, values }) => (onHosts.includes(id) ? slowestAnswer(values, span) : [])));
    const overall = slowestIn(before);
    const slow = ofGroups.filter(
      ({ id, values }) => !functions.includes(id) && (slowestAnswer(values, before) ?? 0) >= NEAR * idle,
    );
    const short = idle < DEFAULT_IDLE_TIMEOUT;
    const near = overall !== null && overall >= NEAR * idle;
    // One endpoint that always takes so long proves nothing, unless the timeout itself became too short for it.
    const usual = slowestIn({ first: Math.max(0, before.first - 60), last: before.first - 1 });
    const slowed = near && (short || usual === null || usual < NEAR * idle);
    const inUse = (ifSeen(targetHealth) ?? []).filter(
      (target) => routed.includes(target.targetGroup) && isUsable(target),
    );
    const hung = inUse.filter((target) => target.port !== null && timesOutOn(target, target.port));
    if (!slowed && hung.length > 0 && hung.length === inUse.length) {
      return ruledOut(
        text`every target fails its health checks by timeout: they do not answer at all, not even slowly`,
      );
    }
    const hangSince = hung.map(({ targetGroup }) => unhealthySince(ifSeen(targetGroupMetrics), targetGroup));
    if (overall !== null && !near && hangSince.some((since) => since !== undefined && isAsOf(since, episode.onset))) {
      return ruledOut(
        text`the answers that came took ${inSeconds(overall)} at most, and since the errors began ${count(hung.length, 'target')} answered no health check in time: not slow, but hung`,
      );
    }
    const groups = slow.length > 0 ? slow.map(({ id }) => id) : onHosts;
    const behind = inUse.filter(({ targetGroup }) => groups.includes(targetGroup)).map(({ id }) => id);
    const disks = disksAtLimit(behind, ifSeen(instanceMetrics), episode.span).filter((limit) =>
      isReachedByOnset(limit, episode.span.first),
    );

    return foundOr(
      [
        {
          strength: slowed && (then === undefined || endedWith(then, episode)) ? 'strong' : 'circumstantial',
          says: text`${where(slow.map(({ id }) => id))} ${then === undefined ? 'answer' : 'answered'} later than the idle timeout of ${inSeconds(idle)}${then ? text`, which was set to ${inSeconds(now)} at ${time(then.ended.at)}` : short ? text` (itself short: the default is ${inSeconds(DEFAULT_IDLE_TIMEOUT)})` : ''}`,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(errors504, 'request')} answered ${code(504)} since ${time(episode.onset)}, with ${failedConnections === 0 ? 'no connection error' : text`only ${count(failedConnections, 'connection error')}`}: the targets were reached`,
              at: episode.onset,
            },
            ...(overall === null
              ? []
              : [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: near
                      ? text`the slowest answers took ${inSeconds(overall)}, near the idle timeout of ${inSeconds(idle)}`
                      : text`the slowest answers took ${inSeconds(overall)}: those that came were far from the idle timeout`,
                  },
                ]),
            {
              from: 'loadBalancerAttributes',
              shows: text`${code(IDLE_TIMEOUT)} is ${code(now)}${then === undefined ? '' : ' now'}`,
            },
            ...(then === undefined
              ? []
              : [
                  {
                    from: 'changes' as const,
                    shows: text`${code(then.ended.who)} ${verbatim(then.ended.what)}: until then it was ${code(then.value)}`,
                    at: then.ended.at,
                  },
                ]),
            ...disksSaid(disks),
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: ['504'],
          fromAbsence: true,
          fixes: [
            ...relieved(disks),
            ...(then === undefined
              ? fixesFor(loadBalancer.arn, idle, overall, episode.onset, ifSeen(tags)?.[loadBalancer.arn] ?? {})
              : [changed(text`it was set again: find out why it was changed, so that it does not come back`, episode)]),
          ],
          facts: { idleTimeout: idle, slowest: overall, errors504, failedConnections },
        },
      ],
      text``,
    );
  },
});

function where(groups: readonly string[]): Text {
  const [only] = groups;
  return groups.length === 1 && only !== undefined ? text`Targets of ${resource(groupName(only))}` : text`Targets`;
}

/** Unhealthy as the errors began: it takes some failed checks until a target is called so. */
function isAsOf(since: string, onset: string): boolean {
  const seconds = secondsBetween(onset, since);
  return -120 <= seconds && seconds <= 600;
}

/** Requests that were waiting fail after the longer timeout began, and no later. */
function endedWith({ ended }: PastSetting, { grid, span, end }: EpisodeSpan): boolean {
  return end !== null && Math.abs(secondsBetween(ended.at, timeOfMinute(grid, span.last))) <= 180;
}
