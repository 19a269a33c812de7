import type { TargetGroup } from '../../incident/evidence.ts';

/** What a load balancer controller keeps a target group for, as its tags tell. */
export interface KubernetesNames {
  readonly cluster: string | null;
  readonly namespace: string;
  readonly ingress: string | null;
  readonly service: string | null;
  /** The service's: a number or a name. */
  readonly port: string | null;
  /** As the tag has it: `namespace/ingress-service:port`. */
  readonly resource: string;
  /** EKS Auto Mode brings a controller of its own, which knows other labels. */
  readonly autoMode: boolean;
}

type Tags = Readonly<Record<string, string>>;

const KINDS = ['ingress', 'service', 'gateway'] as const;
const DOMAINS = ['k8s.aws', 'eks.amazonaws.com'] as const;

/**
 * `ingress.k8s.aws/stack` is `namespace/ingress`, or the name of a group of ingresses; `ingress.k8s.aws/resource` is
 * `namespace/ingress-service:port`. Both names may hold dashes: only where the stack names the ingress is the rest the
 * service.
 */
export function kubernetesNames(tags: Tags): KubernetesNames | null {
  const keys = DOMAINS.flatMap((domain) => KINDS.map((kind) => ({ kind, domain, prefix: `${kind}.${domain}` })));
  const kept = keys.find(({ prefix }) => tags[`${prefix}/resource`] !== undefined);
  if (kept === undefined) return null;
  const resource = tags[`${kept.prefix}/resource`] ?? '';
  const stack = /^([^/]+)\/([^/]+)$/.exec(tags[`${kept.prefix}/stack`] ?? '');
  const [, namespace = stack?.[1], held = '', port = null] = /^([^/:]+)\/([^/:]+)(?::(.+))?$/.exec(resource) ?? [];
  if (namespace === undefined || !isObjectName(namespace)) return null;
  const cluster = clusterIn(tags);
  const base = { cluster, namespace, port, resource, autoMode: kept.domain === 'eks.amazonaws.com' };
  if (kept.kind !== 'ingress')
    return { ...base, ingress: null, service: kept.kind === 'service' && isObjectName(held) ? held : null };
  const called = stack?.[1] === namespace ? (stack[2] ?? '') : '';
  const ingress = isObjectName(called) ? called : null;
  const service = ingress !== null && held.startsWith(`${ingress}-`) ? held.slice(ingress.length + 1) : null;
  return { ...base, ingress, service: service !== null && isObjectName(service) ? service : null };
}

/** As RFC 1123 has it. Anybody may write a tag, and what is no name could be an option of the command that names it. */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name);
}

/** Whether a load balancer controller keeps pods registered in a group, by their own addresses. */
export function holdsPods(
  arn: string,
  groups: readonly TargetGroup[] = [],
  tags: Readonly<Record<string, Tags>> = {},
): boolean {
  const isOfAddresses = groups.some((group) => group.arn === arn && group.targetType === 'ip');
  return isOfAddresses && kubernetesNames(tags[arn] ?? {}) !== null;
}

/** The cluster whose load balancer controller made it. */
export function clusterIn(tags: Tags): string | null {
  return tags['elbv2.k8s.aws/cluster'] ?? tags['eks:eks-cluster-name'] ?? null;
}

/** As CloudTrail's records of its calls name it, too. */
export const CONTROLLER = 'load balancer controller';

/** As the owner of what a command changes. */
export function controllerOf(cluster: string | null): string {
  return `${CONTROLLER} of ${cluster === null ? 'the cluster' : `cluster ${cluster}`}`;
}

/** Whether a controller of Kubernetes keeps it: then there are pods behind it, no tasks of ECS. */
export function isManagedByKubernetes(tags: Readonly<Record<string, string>>): boolean {
  return Object.keys(tags).some((key) => KUBERNETES.some((prefix) => key.startsWith(prefix)));
}

const KUBERNETES = ['elbv2.k8s.aws/', 'kubernetes.io/', 'eks:eks-cluster-name', 'ingress.eks.amazonaws.com/'];
