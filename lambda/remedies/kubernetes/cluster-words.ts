import { code, resource, type Text, text } from '../../incident/text.ts';
import { annotationKey } from '../../semantics/kubernetes/annotations.ts';
import type { KubernetesNames } from '../../semantics/kubernetes/controller-tags.ts';

/** `namespace shop (cluster prod)` */
export function namespaceSaid({ namespace, cluster }: KubernetesNames): Text {
  return text`namespace ${resource(namespace)}${cluster === null ? '' : text` (cluster ${resource(cluster)})`}`;
}

export function ingressSaid({ ingress }: KubernetesNames): Text {
  return ingress === null ? text`the ingress` : text`ingress ${resource(ingress)}`;
}

/** `ingress web in namespace shop (cluster prod)` */
export function placedIngressSaid(names: KubernetesNames): Text {
  return text`${ingressSaid(names)} in ${namespaceSaid(names)}`;
}

/** `alb.ingress.kubernetes.io/subnets` */
export const annotationSaid = (name: string) => code(annotationKey(name));
