import type { Fix } from '../../incident/finding.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import type { Found } from '../../rules/rule.ts';
import type { KubernetesNames } from '../../semantics/kubernetes/names.ts';
import { groupName } from '../../semantics/targets.ts';
import type { KeptGroup } from './kept.ts';

/** What decides is in the cluster, which AWS does not show: the commands that look there, and change nothing. */
export function looksInto({ arn, names }: KeptGroup, { affects }: Found): readonly Fix<Text>[] {
  const address = affects.targets.find(({ id, targetGroup }) => targetGroup === arn && isAddress(id))?.id;
  return [...pods(names, address), ...events(arn, names)];
}

function pods({ cluster, namespace, service }: KubernetesNames, address: string | undefined): readonly Fix<Text>[] {
  const where = text`namespace ${resource(namespace)}${cluster === null ? '' : text` of cluster ${resource(cluster)}`}`;
  const inNamespace = ['--namespace', namespace];
  return [
    address === undefined
      ? look(text`see the pods in ${where}: ready, restarted, on which nodes`, [
          ...['kubectl', 'get', 'pods', ...inNamespace, '--output', 'wide'],
        ])
      : look(text`see which pod of ${where} holds ${resource(address)}, if one still does`, [
          ...['kubectl', 'get', 'pods', ...inNamespace, '--output', 'wide'],
          ...['--field-selector', `status.podIP=${address}`],
        ]),
    ...(service === null
      ? []
      : [
          look(text`see which pods the service ${resource(service)} sends to`, [
            ...['kubectl', 'get', 'endpointslices', ...inNamespace],
            ...['--selector', `kubernetes.io/service-name=${service}`],
          ]),
        ]),
  ];
}

/** A controller that is down, or may not register targets, leaves a group as it was. */
function events(arn: string, { namespace, ingress }: KubernetesNames): readonly Fix<Text>[] {
  const argv =
    ingress === null
      ? ['kubectl', 'get', 'targetgroupbindings', '--namespace', namespace, '--output', 'wide']
      : ['kubectl', 'describe', 'ingress', ingress, '--namespace', namespace];
  return [look(text`see what the load balancer controller says about ${resource(groupName(arn))}`, argv)];
}

export function look(does: Text, run: readonly string[]): Fix<Text> {
  return { does, run, changes: false, undo: null, verify: null };
}

function isAddress(id: string): boolean {
  return !id.startsWith('i-') && !id.startsWith('arn:');
}
