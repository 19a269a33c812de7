import type { TargetGroup } from '../../../incident/evidence.ts';
import { code, type Text, text } from '../../../incident/text.ts';
import { asksOtherwise } from '../../../semantics/targets/health-check-answers.ts';
import { cite } from '../../cite.ts';

/** What a code that a health check gets says about why, for the codes that people meet. */
export function meaningOf(status: number, group: TargetGroup) {
  if (status === 400 && asksOtherwise(group)) {
    const { protocol, port } = group.healthCheck;
    return cite.targetGroups`${code(400)}: the request is refused: it asks in ${code(protocol ?? '')} on port ${code(port ?? '')}, where requests go by ${code(group.protocol ?? '')} to another port`;
  }
  const why = WHY[status] ?? (status >= 500 && FAILS);
  return why && cite.targetHealth`${code(status)}: ${why}`;
}

const FAILS = text`the application fails: often a dependency that its health endpoint checks`;

const WHY: Readonly<Record<number, Text>> = {
  301: text`a redirect, as to HTTPS, to another host or to a path with a slash`,
  302: text`a redirect, often to a login page`,
  307: text`a redirect, as to HTTPS`,
  308: text`a redirect, as to HTTPS`,
  400: text`the request is refused: often a Host header that the application does not allow (the check sends the target's address)`,
  401: text`the health endpoint asks for a login`,
  403: text`the health endpoint is forbidden to the load balancer`,
  404: text`there is nothing at this path: it moved, or another application answers on this port`,
  405: text`the path does not take GET`,
  502: text`a proxy on the target answers, and the application behind it does not`,
  503: text`the application, or the proxy in front of it, says that it is not available`,
};
