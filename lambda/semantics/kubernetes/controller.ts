import type { ChangeEvent, SecurityGroup } from '../../incident/evidence.ts';
import { CONTROLLER } from './controller-tags.ts';

/**
 * Whether a load balancer controller did it: its program says so, or the name that people give its role; EKS Auto Mode
 * acts as a service.
 */
export function isByController({ who, tool }: Pick<ChangeEvent, 'who' | 'tool'>): boolean {
  return tool === CONTROLLER || NAMES.test(who) || /^eks\./.test(who);
}

/** `AmazonEKSLoadBalancerControllerRole`, `alb-ingress-controller`, `prod-aws-lb-controller`, `eks-lbc`. */
const NAMES = /(load-?balancer|(?<![a-z])(aws|eks)?-?(alb|elb|lb))-?(ingress-?)?controller|(?<![a-z])lbc(?![a-z])/i;

/** The group that a load balancer controller gives all its load balancers, to be named by the rules of pods and nodes. */
export function isSharedBackend({ tags }: SecurityGroup): boolean {
  return tags['elbv2.k8s.aws/resource'] === 'backend-sg';
}
