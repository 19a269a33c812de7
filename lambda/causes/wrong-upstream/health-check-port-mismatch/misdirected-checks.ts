import { andList, code, partOf, resource, text, verbatim } from '../../../incident/text.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
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
  const answer = codes.length === 0 ? text`another code` : andList(codes.map(code));
  if (!works || port === null || foreign.length < NEARLY * settledOf(all)) return [];
  const agrees = [claim(true, answersShown(traffic, text`${asked}, by ${code(group.protocol ?? '')}`))];
  return [
    {
      strength: strengthOfClaims({ agrees }),
      says: text`Health checks of ${resource(group.name)} go to port ${checked} ${protocol === 'HTTPS' ? 'over TLS' : 'in plain HTTP'} and get ${answer}; requests go to ${asked} and are answered`,
      because: [
        cite.targetHealth`${partOf(foreign.length, settledOf(all), 'target')} ${foreign.length === 1 ? 'fails' : 'fail'} on ${checked}: ${verbatim(first?.description ?? '')}`,
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
