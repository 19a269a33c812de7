import type { Fix } from '../../incident/finding.ts';
import { code, resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../../remedies/look.ts';
import { numberedSteps } from '../../remedies/steps.ts';
import { annotationFix } from './annotation-fixes.ts';
import { type ControlledResource, namespaceSaid } from './controlled-resources.ts';
import { ingressSaid, manualFix, type RemedySubject } from './remedy.ts';

export function healthPath(kept: ControlledResource, { found }: RemedySubject): readonly Fix<Text>[] {
  const { names, group } = kept;
  const { codes } = found.facts ?? {};
  const moved = Array.isArray(codes) && codes.some((status) => Number(status) < 500);
  if (!moved || group === undefined) return [];
  const { path, matcher } = group.healthCheck;
  const asked = code(path ?? '/');
  const accepted = code(matcher ?? '200');
  return numberedSteps([
    manualFix(
      text`set ${code('alb.ingress.kubernetes.io/healthcheck-path')} (now ${asked}) of ${ingressSaid(names)} in ${namespaceSaid(names)} to the path that answers ${accepted}, or make the application answer ${asked} so again: the controller puts back what is changed in AWS alone`,
      kept,
    ),
    manualFix(
      text`if the liveness probe of the pods asks ${asked} too, change it as well: containers that fail it are restarted, and requests to them are answered 502`,
      kept,
    ),
  ]);
}

export function targetPort(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  const service = names.service === null ? text`the service behind it` : text`service ${resource(names.service)}`;
  return [
    manualFix(
      text`correct ${code('targetPort')} of ${service} in ${namespaceSaid(names)}: the controller registers the port that it names`,
      kept,
    ),
  ];
}

export function zoneSubnets(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  return [
    manualFix(
      text`name a subnet of that zone in ${code('alb.ingress.kubernetes.io/subnets')} of ${ingressSaid(names)} in ${namespaceSaid(names)}, or tag one for the controller to find`,
      kept,
    ),
  ];
}

export function ingressRules(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  return [
    manualFix(
      text`change the rules of ${ingressSaid(names)} in ${namespaceSaid(names)}: the controller writes the listener rules after them`,
      kept,
    ),
  ];
}

export function plainBackend(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  return [
    manualFix(
      text`if the pods speak plain HTTP, set ${code('alb.ingress.kubernetes.io/backend-protocol')} of ${ingressSaid(names)} in ${namespaceSaid(names)} to ${code('HTTP')}: the controller makes a new target group`,
      kept,
    ),
  ];
}

export function tlsBackend(kept: ControlledResource): readonly Fix<Text>[] {
  return [
    annotationFix(kept, [{ name: 'backend-protocol', value: 'HTTPS' }], {
      does: text`speak TLS to the pods, in a new target group that the controller makes`,
      undo: [{ name: 'backend-protocol', value: 'HTTP' }],
      verify: showHealth(kept.arn),
    }),
  ];
}

export function protocolVersion(kept: ControlledResource): readonly Fix<Text>[] {
  const version = kept.group?.protocolVersion;
  return [
    annotationFix(kept, [{ name: 'backend-protocol-version', value: 'HTTP1' }], {
      does: text`speak HTTP/1.1 to the pods, in a new target group that the controller makes`,
      undo: typeof version === 'string' ? [{ name: 'backend-protocol-version', value: version }] : null,
      verify: showHealth(kept.arn),
    }),
  ];
}
