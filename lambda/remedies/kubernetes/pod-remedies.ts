import { code, resource, type Text, text } from '../../incident/text.ts';
import type { ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import { showHealth } from '../look.ts';
import { fix, kubectl, type Remedy } from '../remedy.ts';
import { manualRemedy } from './cluster-remedy.ts';
import { namespaceSaid } from './cluster-words.ts';

const DEFAULT_DELAY = '300';

export const podsReady = manualRemedy(({ names }) => {
  const whose = names.service === null ? text`behind it` : text`of service ${resource(names.service)}`;
  return [
    text`bring the pods ${whose} in ${namespaceSaid(names)} back to ready: the controller registers ready pods, and deregisters what is registered by hand`,
  ];
});

export const replicas = manualRemedy((kept) => [
  text`run more pods ${podsOwner(kept)} in ${namespaceSaid(kept.names)}: set more replicas, or a higher maximum of their autoscaler`,
]);

/** Nodes stand for pods that nobody can tell from here. */
export function restartPods(kept: ControlledResource): readonly Remedy[] {
  if (kept.group?.targetType !== 'ip') return [];
  return [
    fix(
      text`take a thread dump of one pod, if that takes a minute at most; then restart the pods ${podsOwner(kept)} in ${namespaceSaid(kept.names)} (${code('kubectl rollout restart')} of their deployment): it ends a hang, but does not help if they wait for something else`,
      { verify: showHealth(kept.arn) },
    ),
  ];
}

/** Only where targets are pods: of a node nobody can say which pod it stands for. */
export function readinessGate(kept: ControlledResource): readonly Remedy[] {
  const { names, group } = kept;
  if (group?.targetType !== 'ip') return [];
  const { namespace, autoMode } = names;
  const label = `${autoMode ? 'eks.amazonaws.com' : 'elbv2.k8s.aws'}/pod-readiness-gate-inject`;
  return [
    fix(
      text`make a rollout wait until a new pod is healthy in the load balancer (readiness gates, for pods created from now on)`,
      {
        run: kubectl('label', 'namespace', namespace, '--overwrite', `${label}=enabled`),
        undo: kubectl('label', 'namespace', namespace, `${label}-`),
        verify: kubectl('get', 'pods', '--namespace', namespace, '--output', 'wide'),
      },
    ),
  ];
}

export function preStop(kept: ControlledResource): readonly Remedy[] {
  const { names, attributes } = kept;
  const delay = Number(attributes['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY);
  return [
    fix(
      text`give the pods ${podsOwner(kept)} in ${namespaceSaid(names)} a ${code('preStop')} hook that sleeps 15 s, and a ${code('terminationGracePeriodSeconds')} above the deregistration delay of ${delay} s: a pod gets its stop signal while requests still arrive`,
    ),
  ];
}

function podsOwner({ name, names: { service } }: ControlledResource): Text {
  return service === null ? text`behind ${resource(name)}` : text`of ${resource(service)}`;
}
