import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, listed, resource, type Text, text } from '../../../incident/text.ts';
import { provenProtocol } from '../../../semantics/targets/health-check-answers.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { cite } from '../../cite.ts';

/** The targets that speak plain HTTP, by health checks; and whether all the others may only be slow to shake hands. */
export function protocolsOf(groups: readonly TargetGroup[], health: readonly Target[]) {
  const spoken = groups.flatMap((group) =>
    targetsOf(health, group.arn).map((target) => ({ target, speaks: provenProtocol(target, group) })),
  );
  return {
    plain: spoken.filter(({ speaks }) => speaks === 'HTTP').map(({ target }) => target),
    slow: spoken.length > 0 && spoken.every(({ target, speaks }) => speaks === 'HTTPS' || timesOut(target)),
  };
}

/** A target that shares no version or cipher refuses at once; one that has no time for handshakes lets checks time out. */
function timesOut({ reason, healthCheckPort, port }: Target): boolean {
  return reason === 'Target.Timeout' && healthCheckPort === port;
}

export function handshakeHeadline(groups: readonly TargetGroup[], plain: readonly Target[]): Text {
  const names = listed(groups.map(({ name }) => resource(name)));
  const [first] = plain;
  if (first === undefined) return text`Targets of ${names} do not complete the TLS handshake`;
  return text`${names} ${groups.length === 1 ? 'speaks' : 'speak'} HTTPS to port ${code(first.port ?? 0)}, which answers in plain HTTP`;
}

/** Plain HTTP on that port proves why handshakes fail; without it, that many fail and are not only slow agrees. */
export function handshakeProof(plain: readonly Target[], many: boolean, slow: boolean) {
  const [first] = plain;
  const ids = listed(plain.map(({ id }) => resource(id)));
  const proves = claim(
    many && !slow && first !== undefined,
    first && cite.targetHealth`health checks in plain HTTP pass on port ${code(first.port ?? 0)} of ${ids}`,
  );
  const onlySlow = text`health checks pass or time out, none is refused: handshakes may only be slow`;
  const agrees = [claim(many), claim(!slow, slow && { from: 'targetHealth', shows: onlySlow })];
  return { strength: strengthOfClaims({ proves, agrees }), shows: shownBy([proves, ...agrees]) };
}
