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
    text`set ${annotationSaid('healthcheck-path')} (now ${asked}) of ${placedIngressSaid(names)} to the path that answers ${accepted}, or make the application answer ${asked} with it again: the controller reverts what is changed only in AWS`,
    text`if the liveness probe of the pods also requests ${asked}, change it as well: Kubernetes restarts containers that fail it, and requests to them get 502`,
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
  text`change the rules of ${placedIngressSaid(names)}: the controller derives the listener rules from them`,
]);

export const plainBackend = manualRemedy(({ names }) => [
  text`if the pods speak plain HTTP, set ${annotationSaid('backend-protocol')} of ${placedIngressSaid(names)} to ${code('HTTP')}: the controller creates a new target group`,
]);

export function tlsBackend(kept: ControlledResource): readonly Remedy[] {
  return [
    annotationFix(kept, [{ name: 'backend-protocol', value: 'HTTPS' }], {
      does: text`send TLS to the pods, in a new target group that the controller creates`,
      undo: [{ name: 'backend-protocol', value: 'HTTP' }],
      verify: showHealth(kept.arn),
    }),
  ];
}

export function protocolVersion(kept: ControlledResource): readonly Remedy[] {
  const version = kept.group?.protocolVersion;
  return [
    annotationFix(kept, [{ name: 'backend-protocol-version', value: 'HTTP1' }], {
      does: text`send HTTP/1.1 to the pods, in a new target group that the controller creates`,
      undo: typeof version === 'string' ? [{ name: 'backend-protocol-version', value: version }] : null,
      verify: showHealth(kept.arn),
    }),
  ];
}
