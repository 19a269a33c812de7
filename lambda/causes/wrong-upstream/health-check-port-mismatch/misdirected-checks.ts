import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { andList, code, count, resource, text, verbatim } from '../../../incident/text.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { isCustomaryForTls } from '../../../semantics/targets/health-check-answers.ts';
import type { CheckedApart } from '../../../semantics/targets/ports-in-use.ts';
import { codesIn, scopeOf } from '../../../semantics/targets/targets.ts';
import { requestsReached, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { cite } from '../../cite.ts';
import {
  answersShown,
  checkPort,
  type GroupCheckedApart,
  NEARLY,
  type PortFinding,
  portsSaid,
  settledOf,
  trafficPort,
} from './unanswered-ports.ts';

/** What sends plain HTTP on to HTTPS. */
const REDIRECTS = [301, 302, 307, 308];

/**
 * A check in plain HTTP whose answer is 400, where requests are spoken to by TLS, or TLS is customary: what listens there
 * does not take the check for a request at all. Or it sends it on, to where requests go by TLS: it is not what serves.
 */
export function isForeignCheck({ reason, description, healthCheckPort }: Target, group: TargetGroup): boolean {
  const codes = codesIn(description);
  const foreign = group.protocol === 'HTTPS' ? [400, ...REDIRECTS] : [400];
  if (reason !== 'Target.ResponseCodeMismatch' || codes.length === 0) return false;
  if (codes.some((status) => !foreign.includes(status))) return false;
  return group.healthCheck.protocol === 'HTTP' && (group.protocol === 'HTTPS' || isCustomaryForTls(healthCheckPort));
}

/** Something else answers on the port of the checks than on that of the requests. None where requests fail, too. */
export function misdirectedChecks(
  foreign: readonly CheckedApart[],
  { group, all, traffic, from, tags, isReplaced }: GroupCheckedApart,
): readonly PortFinding[] {
  const [checked, asked] = [portsSaid(foreign, checkPort), portsSaid(foreign, trafficPort)];
  const { protocol, port } = group.healthCheck;
  const works = traffic !== null && requestsReached(traffic) >= NEARLY * traffic.requests;
  const [first] = foreign;
  const codes = [...new Set(foreign.flatMap(({ description }) => codesIn(description)))].sort((a, b) => a - b);
  if (!works || port === null || foreign.length < NEARLY * settledOf(all)) return [];
  const agrees = [claim(true, answersShown(traffic, text`${asked}, by ${code(group.protocol ?? '')}`))];
  return [
    {
      strength: strengthOfClaims({ agrees }),
      says: text`Health checks of ${resource(group.name)} go to port ${checked} in plain HTTP and are answered ${andList(codes.map(code))}; requests go to ${asked}, and are answered`,
      because: [
        cite.targetHealth`${foreign.length} of ${count(settledOf(all), 'target')} fail on ${checked}: ${verbatim(first?.description ?? '')}`,
        ...shownBy(agrees),
        cite.targetGroups`the health check is set to ${code(protocol ?? '')} on port ${code(port)}`,
      ],
      affects: scopeOf(foreign),
      explains: isReplaced ? ['502', '503'] : ['503'],
      restsOn: TRAFFIC_METRICS,
      fixes: [checkTrafficPort(group, port, tags), whoChangedHealthCheck(from)],
      facts: { targetGroup: group.arn, failing: foreign.length, targets: settledOf(all), requestsAnswered: true },
    },
  ];
}
