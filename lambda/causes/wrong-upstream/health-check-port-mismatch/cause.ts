import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, formatNumber, listed, resource, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { PATH_EVIDENCE } from '../../../semantics/network/target-paths.ts';
import { comesOrGoes, getsNoAnswer, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { spanOf } from '../../../semantics/time/minutes.ts';
import {
  groupsInUse,
  type TargetTraffic,
  TRAFFIC_METRICS,
  trafficOf,
} from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, foundOr, notApplicable } from '../../cause.ts';
import { settingChange } from '../../kit/changes.ts';
import { type Apart, apartIn, checkPorts, filtersOn, type Paths, trafficPorts } from './separate-ports.ts';

/** Nearly all of the targets, or of the requests. */
const NEARLY = 0.9;
/** At least this share of the requests that failed are connections that were not made. */
const MOSTLY = 0.5;

export default defineCause({
  id: 'health-check-port-mismatch',
  needs: ['targetHealth', 'targetGroups', 'loadBalancerMetrics'],
  uses: ['targetGroupMetrics', 'listenerRules', 'tags', ...PATH_EVIDENCE],
  madeBy: [settingChange(/^healthCheckPort$/)],
  fromHealthChecks: true,

  examine(seen, { window }) {
    const metrics = seen.loadBalancerMetrics;
    const span = errorEpisode(metrics, window)?.span ?? spanOf(metrics.grid, window.from, window.to);
    const inUse = groupsInUse(seen);
    const apart = seen.targetGroups
      .filter(({ arn, targetType }) => inUse.includes(arn) && targetType !== 'lambda')
      .map((group) => ({ group, targets: apartIn(group, seen.targetHealth) }))
      .filter(({ targets }) => targets.length > 0);
    if (apart.length === 0) {
      return notApplicable(text`health checks go to the port that requests go to`, 'targetHealth', 'targetGroups');
    }
    const findings = apart.flatMap(({ group, targets }) => {
      const traffic = trafficOf([group.arn], seen, span);
      const silent = targets.filter(getsNoAnswer);
      if (silent.length === 0) return requestsFail(group, targets, traffic, seen);
      return [checksFail(group, silent, targetsOf(seen.targetHealth, group.arn), traffic, seen, window)];
    });
    return foundOr(findings, text`health checks have a port of their own, and both ports work`);
  },
});

type Tags = { readonly tags: Observed<Readonly<Record<string, Readonly<Record<string, string>>>>> };
type Finding = Found<
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics',
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'securityGroups'
>;

/** Requests that reached a target, whatever it answered. */
const reached = ({ answered, target5xx }: TargetTraffic): number => answered + target5xx;

function checksFail(
  group: TargetGroup,
  silent: readonly Apart[],
  all: readonly Target[],
  traffic: TargetTraffic | null,
  seen: Paths & Tags,
  { from }: Window,
): Finding {
  const dropped = silent.every(({ reason }) => reason === 'Target.Timeout');
  const closed = dropped && filtersOn('healthCheckPort', silent, group, seen) === 'blocked';
  const onlyChecksClosed = closed && filtersOn('port', silent, group, seen) === 'open';
  const works = traffic !== null && reached(traffic) >= NEARLY * traffic.requests;
  const settled = all.filter(({ state }) => state === 'healthy' || state === 'unhealthy').length;
  const nearlyAll = silent.length >= NEARLY * settled;
  const strength = onlyChecksClosed ? 'decisive' : works && nearlyAll ? 'strong' : 'circumstantial';
  const removed = all.some(comesOrGoes);
  const checked = group.healthCheck.port;
  const tags = ifSeen(seen.tags)?.[group.arn] ?? {};
  return {
    strength,
    says: text`Health checks of ${resource(group.name)} go to port ${checkPorts(silent)}, which fails; requests go to ${trafficPorts(silent)}`,
    because: [
      {
        from: 'targetHealth',
        shows: text`${silent.length} of ${count(settled, 'target')} fail on ${checkPorts(silent)}: ${listed([...new Set(silent.map(({ reason }) => reason ?? ''))].map(code))}`,
      },
      ...(works
        ? [
            {
              from: traffic.from,
              shows: text`targets answered ${formatNumber(reached(traffic))} of ${count(traffic.requests, 'request')} on ${trafficPorts(silent)}`,
            },
          ]
        : []),
      ...(onlyChecksClosed
        ? [
            {
              from: 'securityGroups' as const,
              shows: text`the network is closed on ${checkPorts(silent)} and open on ${trafficPorts(silent)}`,
            },
          ]
        : []),
      {
        from: 'targetGroups',
        shows: text`the health check's port is set to ${code(checked ?? 'traffic-port')}`,
      },
    ],
    affects: scopeOf(silent),
    explains: removed ? ['502', '503'] : ['503'],
    restsOn: TRAFFIC_METRICS,
    fixes: [
      // Offered only where the traffic port is known to work.
      ...(strength === 'circumstantial' || checked === null ? [] : [checkTrafficPort(group, checked, tags)]),
      whoChangedHealthCheck(from),
    ],
    facts: { targetGroup: group.arn, failing: silent.length, targets: settled, requestsAnswered: works },
  };
}

/** Health checks pass on their port, and requests do not get through on theirs. */
function requestsFail(
  group: TargetGroup,
  targets: readonly Apart[],
  traffic: TargetTraffic | null,
  seen: Paths,
): readonly Finding[] {
  const healthy = targets.filter(({ state }) => state === 'healthy');
  if (traffic === null || traffic.failedConnections === 0 || healthy.length === 0) return [];
  const failed = traffic.requests - reached(traffic);
  const onlyTrafficClosed =
    filtersOn('port', healthy, group, seen) === 'blocked' &&
    filtersOn('healthCheckPort', healthy, group, seen) === 'open';
  const nearlyAll = failed >= NEARLY * traffic.requests && traffic.failedConnections >= MOSTLY * failed;
  return [
    {
      strength: onlyTrafficClosed ? 'decisive' : nearlyAll ? 'strong' : 'circumstantial',
      says: text`Targets of ${resource(group.name)} pass their checks on ${checkPorts(healthy)}; on ${trafficPorts(healthy)} connections fail`,
      because: [
        {
          from: 'targetHealth',
          shows: text`${count(healthy.length, 'target')} healthy by checks on ${checkPorts(healthy)}, which say nothing of ${trafficPorts(healthy)}`,
        },
        {
          from: traffic.from,
          shows: text`${count(traffic.failedConnections, 'failed connection')}; ${formatNumber(failed)} of ${count(traffic.requests, 'request')} got no answer from a target`,
        },
        ...(onlyTrafficClosed
          ? [
              {
                from: 'securityGroups' as const,
                shows: text`the network is open on ${checkPorts(healthy)} and closed on ${trafficPorts(healthy)}`,
              },
            ]
          : []),
      ],
      affects: scopeOf(healthy),
      explains: ['502', '504'],
      restsOn: TRAFFIC_METRICS,
      fixes: [
        {
          does: text`start what should listen on ${trafficPorts(healthy)}, or send requests to the port that works`,
          run: null,
          changes: true,
          undo: null,
          verify: showHealth(group.arn),
        },
      ],
      facts: {
        targetGroup: group.arn,
        failedConnections: traffic.failedConnections,
        failed,
        requests: traffic.requests,
      },
    },
  ];
}
