import { code, resource, text } from '../../incident/text.ts';
import type { ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import { showHealth } from '../look.ts';
import type { Remedy } from '../remedy.ts';
import { annotationFix } from '../writers/kubectl.ts';
import { manualRemedy } from './cluster-remedy.ts';
import { annotationSaid, namespaceSaid, placedIngressSaid } from './cluster-words.ts';

/** For checks that the application answers, with a code that is no failure of its own. */
export const healthPath = manualRemedy(({ names, group }) => {
  if (group === undefined) return [];
  const { path, matcher } = group.healthCheck;
  const [asked, accepted] = [code(path ?? '/'), code(matcher ?? '200')];
  return [
    text`set ${annotationSaid('healthcheck-path')} (now ${asked}) of ${placedIngressSaid(names)} to the path that answers ${accepted}, or make the application answer ${asked} so again: the controller puts back what is changed in AWS alone`,
    text`if the liveness probe of the pods asks ${asked} too, change it as well: containers that fail it are restarted, and requests to them are answered 502`,
  ];
});

export const targetPort = manualRemedy(({ names }) => {
  const service = names.service === null ? text`the service behind it` : text`service ${resource(names.service)}`;
  return [
    text`correct ${code('targetPort')} of ${service} in ${namespaceSaid(names)}: the controller registers the port that it names`,
  ];
});

export const zoneSubnets = manualRemedy(({ names }) => [
  text`name a subnet of that zone in ${annotationSaid('subnets')} of ${placedIngressSaid(names)}, or tag one for the controller to find`,
]);

export const ingressRules = manualRemedy(({ names }) => [
  text`change the rules of ${placedIngressSaid(names)}: the controller writes the listener rules after them`,
]);

export const plainBackend = manualRemedy(({ names }) => [
  text`if the pods speak plain HTTP, set ${annotationSaid('backend-protocol')} of ${placedIngressSaid(names)} to ${code('HTTP')}: the controller makes a new target group`,
]);

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
