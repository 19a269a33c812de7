import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, formatNumber, listed, resource, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
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
import { checkTrafficPort, whoChangedHealthCheck } from '../../kit/health-check-settings.ts';
import { HEALTH_ENDPOINT } from '../../settings.ts';
import { type Apart, apartIn, checkPorts, filtersOn, type Paths, trafficPorts } from './separate-ports.ts';

/** Nearly all of the targets, or of the requests. */
const NEARLY = 0.9;
/** At least this share of the requests that failed are connections that were not made. */
const MOSTLY = 0.5;

export const healthCheckPortMismatch = defineCause({
  id: 'health-check-port-mismatch',
  category: 'wrong-upstream',
  title: 'Health checks go to another port than requests, and only one of the two works',
  explains: `The target group checks a port of its own instead of the port that requests go to. If nothing answers on the checked
port, targets that work are called unhealthy, and Auto Scaling or ECS replaces them for it: requests meet targets that come and go
(502) or none (503). If only the checked port works, the load balancer calls targets healthy on which every request fails (502 or 504).`,
  proof: `The network is open on one of the two ports and closed on the other, and what goes to the closed one fails: decisive. Nearly
all health checks fail while nearly all requests are answered, or connections for requests fail while health checks pass: strong.
The ports differ and one of them fails somehow: circumstantial.`,
  resembles: `A separate port for health checks is often meant so (management ports, sidecars): then the process behind it is down, or
the security group forgot it (\`target-security-group-closed\`). Something that answers there with a wrong code is
\`health-check-code-mismatch\`. An application that hangs while its management port answers makes no failed connections.`,
  remedy: `Let health checks go to the port that requests go to (\`traffic-port\`), or bring up what is to answer on the checked
port, and open it in the targets' security group. Where only the checked port works, it is the traffic port that needs
mending.`,
  prevention: `Check the traffic port (\`traffic-port\`), unless the health endpoint really is elsewhere. Then open both ports in the
security group, and change port and application in one deployment.`,
  settings: [HEALTH_ENDPOINT],
  docs: ['https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html'],
  needs: ['targetHealth', 'targetGroups', 'loadBalancerMetrics'],
  uses: ['targetGroupMetrics', 'listenerRules', 'tags', ...PATH_EVIDENCE],

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
