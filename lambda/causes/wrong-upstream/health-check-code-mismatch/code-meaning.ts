import type { TargetGroup } from '../../../incident/evidence.ts';
import { code, type Text, text } from '../../../incident/text.ts';
import { asksOtherwise } from '../../../semantics/targets/health-check-answers.ts';
import { cite } from '../../cite.ts';

/** What a code that a health check gets says about why, for the codes that people meet. */
export function meaningOf(status: number, group: TargetGroup) {
  if (status === 400 && asksOtherwise(group)) {
    const { protocol, port } = group.healthCheck;
    return cite.targetGroups`${code(400)}: the request is refused: the health check uses ${code(protocol ?? '')} on port ${code(port ?? '')}, while requests use ${code(group.protocol ?? '')} on another port`;
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
  403: text`the health endpoint denies access to the load balancer`,
  404: text`nothing is at this path: the page moved, or another application answers on this port`,
  405: text`the path does not accept GET`,
  502: text`a proxy on the target answers, and the application behind it does not`,
  503: text`the application, or the proxy in front of it, reports that it is unavailable`,
};
