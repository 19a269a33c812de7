import type { ListenerRule } from '../../../incident/evidence.ts';
import { andList, code, resource, type Text, text } from '../../../incident/text.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { fix, kubectl, look, type Remedy } from '../../../remedies/remedy.ts';
import { isManagedByKubernetes } from '../../../semantics/kubernetes/controller-tags.ts';
import { ingressOf, type MissingBackend, missingBackendOf } from '../../../semantics/kubernetes/missing-backends.ts';
import { cite } from '../../cite.ts';

/** What is missing where all of these rules answer for want of it. */
export function missingBehind(rules: readonly ListenerRule[], tags: Tags): MissingBackend | null {
  // The words are the controller's; where the tags show that none made the load balancer, somebody copied them.
  if (tags !== undefined && !isMadeByController(tags)) return null;
  const [first = null, ...others] = rules.map(missingBackendOf);
  return others.every((one) => one === first) ? first : null;
}

const isMadeByController = (tags: Readonly<Record<string, string>>): boolean =>
  isManagedByKubernetes(tags) || Object.keys(tags).some((key) => key.startsWith('ingress.k8s.aws/'));

const NAMES = {
  service: { says: 'The Kubernetes Service', called: 'Service' },
  action: { says: 'The action', called: 'action' },
} as const;

export function missingSaid(missing: MissingBackend, named: Text, tags: Tags): Text {
  const ingress = ingressOf(tags ?? {});
  const of =
    ingress === null ? text`` : text` of ingress ${resource(ingress.name)} (namespace ${resource(ingress.namespace)})`;
  return text`${NAMES[missing].says} that ${named}${of} names does not exist`;
}

export function bodySaid(missing: MissingBackend, rules: readonly ListenerRule[]) {
  const bodies = rules.flatMap(({ actions }) => actions.flatMap((one) => ('body' in one ? (one.body ?? []) : [])));
  return cite.listenerRules`the answer is ${andList([...new Set(bodies)].map(code))}: the load balancer controller writes it for an ingress that names ${missing === 'service' ? 'a Service' : 'an action'} that does not exist`;
}

/** Deleted or renamed there, or named wrongly here: either end may be mended. */
export function missingFixes(missing: MissingBackend, tags: Tags, verify: Remedy['verify']): readonly Remedy[] {
  const ingress = ingressOf(tags ?? {});
  const where = ingress === null ? text`the ingress` : text`ingress ${resource(ingress.name)}`;
  const bring =
    missing === 'service'
      ? text`create the Service again, or name the right one in ${where}: the controller then forwards to its pods`
      : text`add the annotation of the action again, or name the right one in ${where}`;
  const [namespace, name] = [ingress?.namespace ?? null, ingress?.name ?? null];
  if (namespace === null || name === null) {
    const all = kubectl('get', 'ingress', '--all-namespaces', '--output', 'wide');
    return [fix(bring, { verify }), look(text`see which ingresses there are, and describe the one of this rule`, all)];
  }
  return [
    fix(bring, { verify }),
    look(
      text`see which ${NAMES[missing].called} ${where} names, and what the controller says`,
      kubectl('describe', 'ingress', name, '--namespace', namespace),
    ),
    ...(missing === 'service'
      ? [
          look(
            text`see which Services there are in namespace ${resource(namespace)}`,
            kubectl('get', 'services', '--namespace', namespace),
          ),
        ]
      : []),
  ];
}
