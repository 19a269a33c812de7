import type { Found } from '../../causes/cause.ts';
import type { CauseId } from '../../incident/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import type { KubernetesNames } from '../../semantics/kubernetes/controller-tags.ts';
import type { ControlledResource } from './controlled-resources.ts';

/** What decides is in the cluster, which AWS does not show: the commands that look there, and change nothing. */
export function lookCommands(cause: CauseId, kept: ControlledResource, { affects }: Found): readonly Fix<Text>[] {
  const { arn, names, group } = kept;
  if (group === undefined) return events(kept);
  const address = affects.targets.find(({ id, targetGroup }) => targetGroup === arn && isAddress(id))?.id;
  return [
    ...(IN_LOGS.includes(cause) ? logs(names) : []),
    ...(IN_ENDS.includes(cause) ? ends(names) : []),
    ...pods(names, address),
    ...events(kept),
  ];
}

/** Of these a log tells. */
const IN_LOGS: readonly CauseId[] = [
  'target-returns-5xx',
  'malformed-response',
  'slower-than-idle-timeout',
  'unresponsive-backend',
];
/** Of these it tells more how containers ended, and when they were killed for memory that is all there is. */
const IN_ENDS: readonly CauseId[] = [
  'crashing-backend',
  'out-of-memory',
  'nothing-listening',
  'unresponsive-backend',
  'health-check-code-mismatch',
];

function logs({ namespace, service }: KubernetesNames): readonly Fix<Text>[] {
  if (service === null) return [];
  return [
    lookCommand(text`read the log of a pod behind the service ${resource(service)}`, [
      ...['kubectl', 'logs', `service/${service}`, '--namespace', namespace, '--all-containers', '--since', '1h'],
    ]),
  ];
}

function ends({ namespace }: KubernetesNames): readonly Fix<Text>[] {
  const statuses = '.status.containerStatuses[*]';
  const columns = [
    'POD:.metadata.name',
    `RESTARTS:${statuses}.restartCount`,
    `LAST-END:${statuses}.lastState.terminated.reason`,
    `AT:${statuses}.lastState.terminated.finishedAt`,
  ];
  return [
    lookCommand(
      text`see how often the containers in namespace ${resource(namespace)} were restarted, and how they ended last`,
      ['kubectl', 'get', 'pods', '--namespace', namespace, '--output', `custom-columns=${columns.join(',')}`],
    ),
  ];
}

function pods({ cluster, namespace, service }: KubernetesNames, address: string | undefined): readonly Fix<Text>[] {
  const where = text`namespace ${resource(namespace)}${cluster === null ? '' : text` of cluster ${resource(cluster)}`}`;
  const inNamespace = ['--namespace', namespace];
  return [
    address === undefined
      ? lookCommand(text`see the pods in ${where}: ready, restarted, on which nodes`, [
          ...['kubectl', 'get', 'pods', ...inNamespace, '--output', 'wide'],
        ])
      : lookCommand(text`see which pod of ${where} holds ${resource(address)}, if one still does`, [
          ...['kubectl', 'get', 'pods', ...inNamespace, '--output', 'wide'],
          ...['--field-selector', `status.podIP=${address}`],
        ]),
    ...(service === null
      ? []
      : [
          lookCommand(text`see which pods the service ${resource(service)} sends to`, [
            ...['kubectl', 'get', 'endpointslices', ...inNamespace],
            ...['--selector', `kubernetes.io/service-name=${service}`],
          ]),
        ]),
  ];
}

/** A controller that is down, or may not register targets, leaves a group as it was. */
function events({ name, names: { namespace, ingress } }: ControlledResource): readonly Fix<Text>[] {
  const argv =
    ingress === null
      ? ['kubectl', 'get', 'targetgroupbindings', '--namespace', namespace, '--output', 'wide']
      : ['kubectl', 'describe', 'ingress', ingress, '--namespace', namespace];
  return [lookCommand(text`see what the load balancer controller says about ${resource(name)}`, argv)];
}

export function lookCommand(does: Text, run: readonly string[]): Fix<Text> {
  return { does, run, changes: false, undo: null, verify: null };
}

function isAddress(id: string): boolean {
  return !id.startsWith('i-') && !id.startsWith('arn:');
}
