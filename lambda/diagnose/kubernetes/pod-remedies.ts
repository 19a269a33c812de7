import type { Fix } from '../../incident/finding.ts';
import { code, resource, type Text, text } from '../../incident/text.ts';
import { type ControlledResource, namespaceSaid } from './controlled-resources.ts';
import { manualFix, type RemedySubject } from './remedy.ts';

const DEFAULT_DELAY = '300';

export function podsReady(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  const whose = names.service === null ? text`behind it` : text`of service ${resource(names.service)}`;
  return [
    manualFix(
      text`bring the pods ${whose} in ${namespaceSaid(names)} back to ready: the controller registers those that are, and takes away what is registered by hand`,
      kept,
    ),
  ];
}

export function replicas(kept: ControlledResource): readonly Fix<Text>[] {
  const { names } = kept;
  return [
    manualFix(
      text`let more pods ${whose(kept)} run in ${namespaceSaid(names)}: more replicas, or a higher limit of what scales them`,
      kept,
    ),
  ];
}

/** Only where targets are pods: of a node nobody can say which pod it stands for. */
export function readinessGate(kept: ControlledResource): readonly Fix<Text>[] {
  const { names, group } = kept;
  if (group?.targetType !== 'ip') return [];
  const { namespace, autoMode } = names;
  const label = `${autoMode ? 'eks.amazonaws.com' : 'elbv2.k8s.aws'}/pod-readiness-gate-inject`;
  return [
    {
      does: text`let a rollout wait until the load balancer calls a new pod healthy (readiness gates, for pods made from now on)`,
      run: ['kubectl', 'label', 'namespace', namespace, '--overwrite', `${label}=enabled`],
      changes: true,
      undo: ['kubectl', 'label', 'namespace', namespace, `${label}-`],
      verify: ['kubectl', 'get', 'pods', '--namespace', namespace, '--output', 'wide'],
    },
  ];
}

/** Where there were pods enough all the time, what was lost is what they were doing as they left. */
export function rollout(kept: ControlledResource, { found }: RemedySubject): readonly Fix<Text>[] {
  const { short } = found.facts ?? {};
  const [gate, stop] = [readinessGate(kept), preStop(kept)];
  return short === false ? [...stop, ...gate] : [...gate, ...stop];
}

export function preStop(kept: ControlledResource): readonly Fix<Text>[] {
  const { names, attributes } = kept;
  const delay = Number(attributes['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY);
  return [
    {
      ...manualFix(
        text`give the pods ${whose(kept)} in ${namespaceSaid(names)} a ${code('preStop')} hook that sleeps for 15 s or more, and a ${code('terminationGracePeriodSeconds')} above the deregistration delay of ${delay} s: a pod gets its signal to stop while requests still come`,
        kept,
      ),
      verify: null,
    },
  ];
}

function whose({ name, names: { service } }: ControlledResource): Text {
  return service === null ? text`behind ${resource(name)}` : text`of ${resource(service)}`;
}
