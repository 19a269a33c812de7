import { code, resource, text } from '../../incident/text.ts';
import { showHealth } from '../look.ts';
import { inSteps, type Remedy } from '../remedy.ts';
import { annotationFix } from '../writers/kubectl.ts';
import { ingressSaid, manualFix } from './cluster-remedy.ts';
import { type ControlledResource, namespaceSaid } from './controlled-resources.ts';

/** For checks that the application answers, with a code that is no failure of its own. */
export function healthPath(kept: ControlledResource): readonly Remedy[] {
  const { names, group } = kept;
  if (group === undefined) return [];
  const { path, matcher } = group.healthCheck;
  const asked = code(path ?? '/');
  const accepted = code(matcher ?? '200');
  return inSteps([
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

export function targetPort(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  const service = names.service === null ? text`the service behind it` : text`service ${resource(names.service)}`;
  return [
    manualFix(
      text`correct ${code('targetPort')} of ${service} in ${namespaceSaid(names)}: the controller registers the port that it names`,
      kept,
    ),
  ];
}

export function zoneSubnets(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  return [
    manualFix(
      text`name a subnet of that zone in ${code('alb.ingress.kubernetes.io/subnets')} of ${ingressSaid(names)} in ${namespaceSaid(names)}, or tag one for the controller to find`,
      kept,
    ),
  ];
}

export function ingressRules(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  return [
    manualFix(
      text`change the rules of ${ingressSaid(names)} in ${namespaceSaid(names)}: the controller writes the listener rules after them`,
      kept,
    ),
  ];
}

export function plainBackend(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  return [
    manualFix(
      text`if the pods speak plain HTTP, set ${code('alb.ingress.kubernetes.io/backend-protocol')} of ${ingressSaid(names)} in ${namespaceSaid(names)} to ${code('HTTP')}: the controller makes a new target group`,
      kept,
    ),
  ];
}

export function tlsBackend(kept: ControlledResource): readonly Remedy[] {
  return [
    annotationFix(kept, [{ name: 'backend-protocol', value: 'HTTPS' }], {
      does: text`speak TLS to the pods, in a new target group that the controller makes`,
      undo: [{ name: 'backend-protocol', value: 'HTTP' }],
      verify: showHealth(kept.arn),
    }),
  ];
}

export function protocolVersion(kept: ControlledResource): readonly Remedy[] {
  const version = kept.group?.protocolVersion;
  return [
    annotationFix(kept, [{ name: 'backend-protocol-version', value: 'HTTP1' }], {
      does: text`speak HTTP/1.1 to the pods, in a new target group that the controller makes`,
      undo: typeof version === 'string' ? [{ name: 'backend-protocol-version', value: version }] : null,
      verify: showHealth(kept.arn),
    }),
  ];
}
