import type { MetricsById, Target, TargetGroup, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, inSeconds, listed, percent, resource, type Text, text } from '../../../incident/text.ts';
import { setLoadBalancerAttribute } from '../../../remedies/load-balancer.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { concurrentActivity } from '../../../semantics/errors/concurrent-activity.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { maxOf, type Span, seenValues, valuesIn } from '../../../semantics/time/minutes.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import {
  groupsInUse,
  groupsWithUnanswered,
  haveAnsweredAll,
  trafficOf,
} from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, notApplicable, ruledOut } from '../../cause.ts';
import { settingChange } from '../../kit/changes.ts';
import { isSpread, otherThanRace, raceIn, raceSays } from './sporadic-502s.ts';

/** For more than a suspicion: at least this many 502s. */
const ENOUGH = 5;
/** From this share of the requests on, 502s that begin as something changes, after an hour with none, are that change's. */
const AT_ONCE = 0.02;

export default defineCause({
  id: 'keepalive-shorter-than-idle-timeout',
  needs: ['loadBalancerMetrics', 'loadBalancerAttributes', 'loadBalancer', 'targetHealth', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules', 'changes', 'autoScalingGroups', 'ecsServices', 'ecsTasks', 'tags'],
  madeBy: [settingChange(/^idle_timeout\.timeout_seconds$/)],

  examine(seen, { window, at }) {
    const { loadBalancerMetrics: metrics, targetGroups } = seen;
    const inUse = groupsInUse(seen).filter((arn) => isNetworked(arn, targetGroups));
    if (inUse.length === 0) return notApplicable(text`no target is reached over a connection`, 'targetGroups');
    const episode = errorEpisode(metrics, window);
    const errors502 = episode ? errorsInEpisode(errorSeries(metrics), '502', episode) : 0;
    if (episode === null || errors502 === 0) {
      return ruledOut(text`no request was answered ${code(502)}`, 'loadBalancerMetrics');
    }
    const race = raceIn(metrics, episode, window.from);
    const traffic = trafficOf(inUse, seen, episode.span);
    const notMade = (traffic?.failedConnections ?? 0) + (traffic?.tlsErrors ?? 0);
    const otherwise = otherThanRace(race, notMade);
    if (otherwise !== null) return ruledOut(otherwise, 'loadBalancerMetrics');

    if (haveAnsweredAll(inUse, seen, episode.span)) {
      return ruledOut(
        text`the ${code(502)}s come from elsewhere: the targets of ${listed(inUse.map((arn) => resource(groupName(arn))))} answered`,
      );
    }

    const byGroup = ifSeen(seen.targetGroupMetrics);
    const groups = groupsWithUnanswered(inUse, byGroup, episode.span);
    const targets = seen.targetHealth.filter((target) => groups.includes(target.targetGroup));
    const unsteady = targets.find(({ state }) => state !== 'healthy' && state !== 'unused');
    if (unsteady !== undefined) {
      return ruledOut(text`not all targets are healthy: ${resource(unsteady.id)} is ${code(unsteady.state)}`);
    }
    const hosts = groups.map((arn) => hostsOf(arn, byGroup, episode.span));
    if (hosts.includes('changed')) return ruledOut(text`targets failed, came or went in the same minutes`);

    const { moved, unseen } = concurrentActivity(seen, episode.onset, at);
    const doubts = [
      ...(errors502 >= ENOUGH && race.lasts ? [] : [text`whether it was so before`]),
      ...(isSpread(race) ? [] : [text`errors in few of the minutes`]),
      ...(hosts.includes('unseen') ? [text`that all targets were healthy throughout`] : []),
      ...(notMade === 0 ? [] : [text`${count(notMade, 'failed connection')}`]),
      ...unseen.map((what) => text`${what} not seen`),
      ...moved.map((what) => text`${what} in the same time`),
    ];
    const idle = Number(seen.loadBalancerAttributes[IDLE_TIMEOUT] ?? DEFAULT_IDLE_TIMEOUT);
    if (race.began && moved.length > 0 && (race.rate ?? 0) >= AT_ONCE && idle <= DEFAULT_IDLE_TIMEOUT) {
      return ruledOut(
        text`there was no ${code(502)} in the hour before, and then at once ${percent(race.rate ?? 0)} of the requests, with ${listed(moved)}: a race is as rare before as after`,
      );
    }
    const tags = ifSeen(seen.tags)?.[seen.loadBalancer.arn] ?? {};
    const names = listed(
      groups.map((arn) => resource(groupName(arn))),
      3,
    );
    return {
      is: 'found',
      findings: [
        {
          strength: doubts.length === 0 ? 'strong' : 'circumstantial',
          says: text`Targets of ${names} ${doubts.length === 0 ? 'seem to' : 'may'} close idle connections before the load balancer does (${inSeconds(idle)})`,
          because: [
            { from: 'loadBalancerMetrics', shows: raceSays(race, notMade) },
            { from: 'targetHealth', shows: healthSays(targets) },
            { from: 'loadBalancerAttributes', shows: idleSays(idle) },
            {
              from: 'loadBalancerMetrics',
              shows: text`a process that crashes and restarts, or targets that leave before their requests end, look alike${doubts.length === 0 ? ': nothing of the kind was seen' : text`; not certain: ${listed(doubts, 8)}`}`,
            },
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: ['502'],
          fromAbsence: true,
          fixes: fixesFor(seen.loadBalancer.arn, idle, slowestAnswer(metrics.values, episode.span), tags),
          facts: { idleTimeout: idle, errors502, minutesWithErrors: race.ill, minutes: race.minutes, rate: race.rate },
        },
      ],
    };
  },
});

function idleSays(idle: number): Text {
  if (idle > DEFAULT_IDLE_TIMEOUT) {
    return text`${code(IDLE_TIMEOUT)} is ${code(idle)}, above the default of ${code(DEFAULT_IDLE_TIMEOUT)}: most servers close earlier than that`;
  }
  return text`${code(IDLE_TIMEOUT)} is ${code(idle)}: Node.js closes after 5 s, Apache 5 s, gunicorn 2 s, Tomcat 20 to 60 s`;
}

function isNetworked(arn: string, groups: readonly TargetGroup[]): boolean {
  return groups.some((group) => group.arn === arn && group.targetType !== 'lambda');
}

/** Whether targets were healthy, and the same number of them, in all minutes. */
function hostsOf(arn: string, byGroup: MetricsById<TargetGroupMetric> | undefined, span: Span) {
  const values = byGroup?.of.find(({ id }) => id === arn)?.values;
  const failing = maxOf(valuesIn(values?.['UnHealthyHostCount.max'], span));
  const healthy = new Set(seenValues(valuesIn(values?.['HealthyHostCount.min'], span)));
  if ((failing ?? 0) > 0 || healthy.size > 1) return 'changed';
  return failing === null || healthy.size === 0 ? 'unseen' : 'same';
}

function healthSays(targets: readonly Target[]): Text {
  const healthy = targets.filter(({ state }) => state === 'healthy').length;
  return text`${healthy === 1 ? 'the only target is' : text`all ${count(healthy, 'target')} are`} healthy: nothing is down`;
}

/** Enough for a request that is sent just before the load balancer closes the connection itself. */
const MARGIN = 5;

function fixesFor(arn: string, idle: number, slow: number | null, tags: Readonly<Record<string, string>>): Remedy[] {
  const longer = idle + MARGIN;
  const inServer: Remedy = {
    does: text`let the server keep idle connections longer than ${inSeconds(idle)}: Node.js ${code(`server.keepAliveTimeout = ${longer * 1000}`)}, gunicorn ${code(`--keep-alive ${longer}`)}, uvicorn ${code(`--timeout-keep-alive ${longer}`)}, Apache ${code(`KeepAliveTimeout ${longer}`)}, Tomcat ${code(`keepAliveTimeout="${longer * 1000}"`)}, nginx ${code(`keepalive_timeout ${longer}s`)}`,
    run: null,
    changes: true,
    undo: null,
    verify: null,
  };
  const inLog: Remedy = {
    does: text`look for ${code('502 -')} with a response processing time of -1 in the access logs: they prove it`,
    run: null,
    changes: false,
    undo: null,
    verify: null,
  };
  // The same timer cuts slow answers: back to the default only where none was seen that takes so long.
  const back = idle > DEFAULT_IDLE_TIMEOUT && slow !== null && slow < DEFAULT_IDLE_TIMEOUT / 2;
  if (!back) return [inServer, inLog];
  const lower = text`until then, lower the idle timeout back to ${inSeconds(DEFAULT_IDLE_TIMEOUT)}`;
  return [
    inServer,
    inLog,
    setLoadBalancerAttribute({ arn, tags }, IDLE_TIMEOUT, { from: idle, to: DEFAULT_IDLE_TIMEOUT }, lower),
  ];
}
