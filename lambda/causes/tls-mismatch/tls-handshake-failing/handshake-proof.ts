import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { andList, code, resource, type Text, text } from '../../../incident/text.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { cite } from '../../cite.ts';

export function handshakeHeadline(groups: readonly TargetGroup[], plain: readonly Target[]): Text {
  const names = andList(groups.map(({ name }) => resource(name)));
  const [first] = plain;
  if (first === undefined) return text`Targets of ${names} do not complete the TLS handshake`;
  return text`${names} ${groups.length === 1 ? 'speaks' : 'speak'} HTTPS to port ${code(first.port ?? 0)}, which answers in plain HTTP`;
}

/** Plain HTTP on that port proves why handshakes fail; without it, that many fail and are not only slow agrees. */
export function handshakeProof(plain: readonly Target[], many: boolean, slow: boolean) {
  const [first] = plain;
  const ids = andList(plain.map(({ id }) => resource(id)));
  const proves = claim(
    many && !slow && first !== undefined,
    first && cite.targetHealth`health checks in plain HTTP pass on port ${code(first.port ?? 0)} of ${ids}`,
  );
  const agrees = [
    claim<'targetHealth'>(many),
    claim(
      !slow,
      slow && cite.targetHealth`health checks pass or time out, and none is refused: handshakes may only be slow`,
    ),
  ];
  return { strength: strengthOfClaims({ proves, agrees }), shows: shownBy([proves, ...agrees]) };
}
