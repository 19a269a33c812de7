import type { Paths } from '../../../computed/paths.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { andList, code, count, formatNumber, resource, type Text, type Time, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { fix } from '../../../remedies/remedy.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import type { CheckedApart } from '../../../semantics/targets/ports-in-use.ts';
import { comesOrGoes, scopeOf } from '../../../semantics/targets/targets.ts';
import { requestsReached, type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';

/** Nearly all of the targets, or of the requests. */
const NEARLY = 0.9;
/** At least this share of the requests that failed are connections that were not made. */
const MOSTLY = 0.5;

type PortFinding = Found<
  'targetHealth',
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'securityGroups'
>;

/** Health checks get no answer on their port; whether requests do on theirs tells how sure that is. */
export function checksFail(
  group: TargetGroup,
  all: readonly Target[],
  silent: readonly CheckedApart[],
  traffic: TargetTraffic | null,
  paths: Paths,
  { from, tags }: { readonly from: Time; readonly tags: Tags },
): PortFinding {
  const settled = all.filter(({ state }) => state === 'healthy' || state === 'unhealthy').length;
  const [checked, asked] = [portsSaid(silent, checkPort), portsSaid(silent, trafficPort)];
  const reasons = [...new Set(silent.map(({ reason }) => reason ?? ''))];
  const works = traffic !== null && requestsReached(traffic) >= NEARLY * traffic.requests;
  const closed =
    reasons.every((reason) => reason === 'Target.Timeout') &&
    paths.toPort(silent, checkPort) === 'blocked' &&
    paths.toPort(silent, trafficPort) === 'open';
  const proves = claim(closed, closed && cite.securityGroups`the network is closed on ${checked} and open on ${asked}`);
  const agrees = [
    claim(
      works,
      works && {
        from: traffic.from,
        shows: text`targets answered ${formatNumber(requestsReached(traffic))} of ${count(traffic.requests, 'request')} on ${asked}`,
      },
    ),
    claim(silent.length >= NEARLY * settled),
  ];
  const strength = strengthOfClaims({ proves, agrees });
  const port = group.healthCheck.port;
  return {
    strength,
    says: text`Health checks of ${resource(group.name)} go to port ${checked}, which fails; requests go to ${asked}`,
    because: [
      cite.targetHealth`${silent.length} of ${count(settled, 'target')} fail on ${checked}: ${andList(reasons.map(code))}`,
      ...shownBy([...agrees, proves]),
      cite.targetGroups`the health check's port is set to ${code(port ?? 'traffic-port')}`,
    ],
    affects: scopeOf(silent),
    explains: all.some(comesOrGoes) ? ['502', '503'] : ['503'],
    restsOn: TRAFFIC_METRICS,
    fixes: [
      // Offered only where the traffic port is known to work.
      strength !== 'circumstantial' && port !== null && checkTrafficPort(group, port, tags),
      whoChangedHealthCheck(from),
    ],
    facts: { targetGroup: group.arn, failing: silent.length, targets: settled, requestsAnswered: works },
  };
}

/** Health checks pass on their port, and requests do not get through on theirs. */
export function requestsFail(
  { arn, name }: TargetGroup,
  targets: readonly CheckedApart[],
  traffic: TargetTraffic | null,
  paths: Paths,
): readonly PortFinding[] {
  const healthy = targets.filter(({ state }) => state === 'healthy');
  if (traffic === null || traffic.failedConnections === 0 || healthy.length === 0) return [];
  const { requests, failedConnections } = traffic;
  const failed = requests - requestsReached(traffic);
  const [checked, asked] = [portsSaid(healthy, checkPort), portsSaid(healthy, trafficPort)];
  const closed = paths.toPort(healthy, trafficPort) === 'blocked' && paths.toPort(healthy, checkPort) === 'open';
  const proves = claim(closed, closed && cite.securityGroups`the network is open on ${checked} and closed on ${asked}`);
  const agrees = claim(failed >= NEARLY * requests && failedConnections >= MOSTLY * failed, {
    from: traffic.from,
    shows: text`${count(failedConnections, 'failed connection')}; ${formatNumber(failed)} of ${count(requests, 'request')} got no answer from a target`,
  });
  const does = text`start what should listen on ${asked}, or send requests to the port that works`;
  return [
    {
      strength: strengthOfClaims({ proves, agrees: [agrees] }),
      says: text`Targets of ${resource(name)} pass their checks on ${checked}; on ${asked} connections fail`,
      because: [
        cite.targetHealth`${count(healthy.length, 'target')} healthy by checks on ${checked}, which say nothing of ${asked}`,
        ...shownBy([agrees, proves]),
      ],
      affects: scopeOf(healthy),
      explains: ['502', '504'],
      restsOn: TRAFFIC_METRICS,
      fixes: [fix(does, { verify: showHealth(arn) })],
      facts: { targetGroup: arn, failedConnections, failed, requests },
    },
  ];
}

const trafficPort = ({ port }: CheckedApart) => port;
const checkPort = ({ healthCheckPort }: CheckedApart) => healthCheckPort;

function portsSaid(targets: readonly CheckedApart[], portOf: (target: CheckedApart) => number): Text {
  return andList([...new Set(targets.map(portOf))].sort((a, b) => a - b).map(code));
}
