import { resource, type Text, text } from '../../incident/text.ts';
import type { ClusterTarget } from '../../semantics/kubernetes/cluster-targets.ts';
import type { Affected, ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import type { KubernetesNames } from '../../semantics/kubernetes/controller-tags.ts';
import { kubectl, look, type Remedy } from '../remedy.ts';

/** What tells more of a cause in the cluster: a pod's log; how containers ended, which is all there is of a kill for memory. */
export type ClusterView = 'logs' | 'restarts';

/** What decides is in the cluster, which AWS does not show: the commands that look there, and change nothing. */
export function clusterLooks(
  views: readonly ClusterView[],
  kept: ControlledResource,
  { affects }: Affected,
): readonly Remedy[] {
  const { arn, names, group } = kept;
  if (group === undefined) return [controllerEvents(kept)];
  const address = affects.targets.find(({ id, targetGroup }) => targetGroup === arn && isAddress(id))?.id;
  return [
    ...(views.includes('logs') && names.service !== null ? [serviceLog(names.namespace, names.service)] : []),
    ...(views.includes('restarts') ? [restarts(names)] : []),
    address === undefined ? podsOf(names) : podHolding(address, names),
    ...(names.service === null ? [] : [endpointsOf(names.namespace, names.service)]),
    controllerEvents(kept),
  ];
}

/** Where no tag names the namespace: the whole cluster is looked through. */
export function clusterWideLooks({ is, id }: ClusterTarget): readonly Remedy[] {
  const all = ['--all-namespaces', '--output', 'wide'];
  const bindings = look(
    text`see which services of the cluster the target groups are bound to`,
    kubectl('get', 'targetgroupbindings', ...all),
  );
  if (is === 'node') return [bindings];
  const holder = kubectl('get', 'pods', ...all, '--field-selector', `status.podIP=${id}`);
  return [look(text`see which pod has the address ${resource(id)}, if one still does`, holder), bindings];
}

function serviceLog(namespace: string, service: string): Remedy {
  return look(
    text`read the log of a pod behind the service ${resource(service)}`,
    kubectl('logs', `service/${service}`, '--namespace', namespace, '--all-containers', '--since', '1h'),
  );
}

function restarts({ namespace }: KubernetesNames): Remedy {
  const statuses = '.status.containerStatuses[*]';
  const columns = [
    'POD:.metadata.name',
    `RESTARTS:${statuses}.restartCount`,
    `LAST-END:${statuses}.lastState.terminated.reason`,
    `AT:${statuses}.lastState.terminated.finishedAt`,
  ];
  return look(
    text`see how often the containers in namespace ${resource(namespace)} were restarted, and how they ended last`,
    kubectl('get', 'pods', '--namespace', namespace, '--output', `custom-columns=${columns.join(',')}`),
  );
}

function podsOf(names: KubernetesNames): Remedy {
  const run = kubectl('get', 'pods', '--namespace', names.namespace, '--output', 'wide');
  return look(text`see the pods in ${clusterNamespace(names)}: ready, restarted, on which nodes`, run);
}

function podHolding(address: string, names: KubernetesNames): Remedy {
  return look(
    text`see which pod of ${clusterNamespace(names)} has the address ${resource(address)}, if one still does`,
    kubectl(
      ...['get', 'pods', '--namespace', names.namespace, '--output', 'wide'],
      ...['--field-selector', `status.podIP=${address}`],
    ),
  );
}

function endpointsOf(namespace: string, service: string): Remedy {
  const selector = `kubernetes.io/service-name=${service}`;
  return look(
    text`see which pods the service ${resource(service)} sends to`,
    kubectl('get', 'endpointslices', '--namespace', namespace, '--selector', selector),
  );
}

function clusterNamespace({ cluster, namespace }: KubernetesNames): Text {
  return text`namespace ${resource(namespace)}${cluster === null ? '' : text` of cluster ${resource(cluster)}`}`;
}

/** A controller that is down, or may not register targets, leaves a group as it was. */
function controllerEvents({ name, names: { namespace, ingress } }: ControlledResource): Remedy {
  const run =
    ingress === null
      ? kubectl('get', 'targetgroupbindings', '--namespace', namespace, '--output', 'wide')
      : kubectl('describe', 'ingress', ingress, '--namespace', namespace);
  return look(text`see what the load balancer controller says about ${resource(name)}`, run);
}

function isAddress(id: string): boolean {
  return !id.startsWith('i-') && !id.startsWith('arn:');
}
