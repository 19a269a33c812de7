import { ifSeen } from '../../incident/observed.ts';
import { text, verbatim } from '../../incident/text.ts';
import type { ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import { isByController, isSharedBackend } from '../../semantics/kubernetes/controller.ts';
import { controllerOf } from '../../semantics/kubernetes/controller-tags.ts';
import { showHealth } from '../look.ts';
import { kubectl, look, type Remedy } from '../remedy.ts';
import { annotationFix } from '../writers/kubectl.ts';
import { manualRemedy, type RemedySubject } from './cluster-remedy.ts';
import { annotationSaid, ingressSaid } from './cluster-words.ts';

/**
 * The controller opens the security groups of nodes and pods to its own backend group. Where an ingress names the load
 * balancer's groups itself, it does so only when told.
 */
export function backendRules(kept: ControlledResource, { found, evidence }: RemedySubject): readonly Remedy[] {
  const own = ifSeen(evidence.loadBalancer)?.securityGroupIds ?? [];
  const groups = (ifSeen(evidence.securityGroups) ?? []).filter(({ id }) => own.includes(id));
  if (groups.length < own.length || own.length === 0) return [];
  const controller = verbatim(controllerOf(kept.names.cluster));
  if (!groups.some(isSharedBackend)) {
    return [
      annotationFix(kept, [{ name: 'manage-backend-security-group-rules', value: 'true' }], {
        does: text`let the ${controller} open the security groups of pods and nodes`,
        undo: 'remove',
        verify: showHealth(kept.arn),
      }),
    ];
  }
  const took = found.change !== undefined && isByController({ who: found.change.who, tool: null });
  const does = took
    ? text`see why the ${controller} removed its rule: it may also remove a rule added by hand`
    : text`see why the ${controller} does not keep its rule: it may also remove a rule added by hand`;
  return [
    look(
      does,
      kubectl(
        ...['logs', '--namespace', 'kube-system', '--since', '1h', '--tail=-1'],
        ...['--selector', 'app.kubernetes.io/name=aws-load-balancer-controller'],
      ),
    ),
  ];
}

export const frontendGroups = manualRemedy(({ names }) => [
  text`if ${ingressSaid(names)} names the load balancer's groups (${annotationSaid('security-groups')}), open them where they are defined: otherwise they belong to the controller`,
]);
