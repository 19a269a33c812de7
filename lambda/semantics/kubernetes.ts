/** What a load balancer controller keeps a target group for, as its tags tell. */
export interface KubernetesNames {
  readonly cluster: string | null;
  readonly namespace: string;
  readonly ingress: string | null;
  readonly service: string | null;
}

type Tags = Readonly<Record<string, string>>;

const KINDS = ['ingress', 'service', 'gateway'] as const;

/**
 * `ingress.k8s.aws/stack` is `namespace/ingress`, or the name of a group of ingresses; `ingress.k8s.aws/resource` is
 * `namespace/ingress-service:port`. Both names may hold dashes: only where the stack names the ingress is the rest the
 * service.
 */
export function kubernetesNames(tags: Tags): KubernetesNames | null {
  const kind = KINDS.find((each) => tags[`${each}.k8s.aws/resource`] !== undefined);
  const resource = /^([^/:]+)\/([^/:]+)/.exec((kind && tags[`${kind}.k8s.aws/resource`]) ?? '');
  const stack = /^([^/]+)\/([^/]+)$/.exec((kind && tags[`${kind}.k8s.aws/stack`]) ?? '');
  const [, namespace = stack?.[1], held = ''] = resource ?? [];
  if (kind === undefined || namespace === undefined) return null;
  const cluster = tags['elbv2.k8s.aws/cluster'] ?? tags['eks:eks-cluster-name'] ?? null;
  if (kind !== 'ingress')
    return { cluster, namespace, ingress: null, service: kind === 'service' ? held || null : null };
  const ingress = stack?.[1] === namespace ? (stack[2] ?? null) : null;
  const service = ingress !== null && held.startsWith(`${ingress}-`) ? held.slice(ingress.length + 1) : null;
  return { cluster, namespace, ingress, service: service || null };
}
