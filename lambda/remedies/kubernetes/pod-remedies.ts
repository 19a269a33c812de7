import { code, resource, type Text, text } from '../../incident/text.ts';
import { fix, kubectl, type Remedy } from '../remedy.ts';
import { manualFix } from './cluster-remedy.ts';
import { type ControlledResource, namespaceSaid } from './controlled-resources.ts';

const DEFAULT_DELAY = '300';

export function podsReady(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  const whose = names.service === null ? text`behind it` : text`of service ${resource(names.service)}`;
  return [
    manualFix(
      text`bring the pods ${whose} in ${namespaceSaid(names)} back to ready: the controller registers those that are, and takes away what is registered by hand`,
      kept,
    ),
  ];
}

export function replicas(kept: ControlledResource): readonly Remedy[] {
  const { names } = kept;
  return [
    manualFix(
      text`let more pods ${whose(kept)} run in ${namespaceSaid(names)}: more replicas, or a higher limit of what scales them`,
      kept,
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
      text`let a rollout wait until the load balancer calls a new pod healthy (readiness gates, for pods made from now on)`,
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
      text`give the pods ${whose(kept)} in ${namespaceSaid(names)} a ${code('preStop')} hook that sleeps for 15 s or more, and a ${code('terminationGracePeriodSeconds')} above the deregistration delay of ${delay} s: a pod gets its signal to stop while requests still come`,
    ),
  ];
}

function whose({ name, names: { service } }: ControlledResource): Text {
  return service === null ? text`behind ${resource(name)}` : text`of ${resource(service)}`;
}
