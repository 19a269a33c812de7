import type { Paths } from '../../../computed/paths.ts';
import type { TargetGroup } from '../../../incident/evidence.ts';
import { count, formatNumber, resource, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix } from '../../../remedies/remedy.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
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

/** Nearly all requests. */
const NEARLY = 0.9;
/** At least this share of the requests that failed are connections that were not made. */
const MOSTLY = 0.5;

/** Health checks pass on their port, and requests do not get through on theirs. */
export function requestsFail(
  { arn, name }: TargetGroup,
  targets: readonly Apart[],
  traffic: TargetTraffic | null,
  paths: Paths,
): readonly PortFinding[] {
  const healthy = targets.filter(({ state }) => state === 'healthy');
  if (traffic === null || traffic.failedConnections === 0 || healthy.length === 0) return [];
  const { requests, failedConnections } = traffic;
  const failed = requests - requestsReached(traffic);
  const [checked, asked] = [checkPorts(healthy), trafficPorts(healthy)];
  const closed = isClosedTo('requests', healthy, paths);
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
