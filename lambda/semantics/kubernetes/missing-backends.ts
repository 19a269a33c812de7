import type { ListenerRule } from '../../incident/evidence.ts';
import { inTable } from '../../incident/in-table.ts';
import { isObjectName } from './controller-tags.ts';

/** What an ingress names and the cluster has not: the controller then writes a rule that says so, with 503. */
export type MissingBackend = 'service' | 'action';

const BODIES: Readonly<Record<string, MissingBackend>> = {
  'backend service does not exist': 'service',
  'backend action does not exist': 'action',
};

export function missingBackendOf({ actions }: ListenerRule): MissingBackend | null {
  for (const action of actions) {
    if (action.type !== 'fixed-response' || action.statusCode !== '503') continue;
    const body = (action.body ?? '').trim().replace(/\.$/, '').toLowerCase();
    const missing = inTable(BODIES, body);
    if (missing !== undefined) return missing;
  }
  return null;
}

/** The ingress that a load balancer is made for, where it is one and not a group of them. */
export function ingressOf(
  tags: Readonly<Record<string, string>>,
): { readonly namespace: string; readonly name: string } | null {
  const stack = tags['ingress.k8s.aws/stack'] ?? tags['ingress.eks.amazonaws.com/stack'] ?? '';
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/.exec(stack) ?? [];
  const isNamed = namespace !== undefined && name !== undefined && isObjectName(namespace) && isObjectName(name);
  return isNamed ? { namespace, name } : null;
}
