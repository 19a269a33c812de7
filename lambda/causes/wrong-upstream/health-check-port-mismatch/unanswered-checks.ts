import type { Paths } from '../../../computed/paths.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, count, formatNumber, listed, resource, type Time, text } from '../../../incident/text.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { comesOrGoes, scopeOf } from '../../../semantics/targets/targets.ts';
import { type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { cite } from '../../cite.ts';
import {
  type Apart,
  checkPorts,
  isClosedTo,
  type PortFinding,
  requestsReached,
  trafficPorts,
} from './separate-ports.ts';

/** Nearly all of the targets, or of the requests. */
const NEARLY = 0.9;

/** Health checks get no answer on their port; whether requests do on theirs tells how sure that is. */
export function checksFail(
  group: TargetGroup,
  all: readonly Target[],
  silent: readonly Apart[],
  traffic: TargetTraffic | null,
  paths: Paths,
  { from, tags }: { readonly from: Time; readonly tags: Tags },
): PortFinding {
  const settled = all.filter(({ state }) => state === 'healthy' || state === 'unhealthy').length;
  const [checked, asked] = [checkPorts(silent), trafficPorts(silent)];
  const reasons = [...new Set(silent.map(({ reason }) => reason ?? ''))];
  const works = traffic !== null && requestsReached(traffic) >= NEARLY * traffic.requests;
  const closed = reasons.every((reason) => reason === 'Target.Timeout') && isClosedTo('checks', silent, paths);
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
      cite.targetHealth`${silent.length} of ${count(settled, 'target')} fail on ${checked}: ${listed(reasons.map(code))}`,
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
