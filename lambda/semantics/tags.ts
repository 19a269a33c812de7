/** By which people say whom to call and what to read, in that order; in small letters. */
export const TELLING_TAGS: readonly string[] = [
  'owner',
  'team',
  'contact',
  'oncall',
  'on-call',
  'slack',
  'slack-channel',
  'runbook',
  'service',
  'app',
  'application',
  'environment',
  'env',
  'aws:cloudformation:stack-name',
  'elbv2.k8s.aws/cluster',
  'ingress.k8s.aws/stack',
  'service.k8s.aws/stack',
  'gateway.k8s.aws/stack',
  'eks:eks-cluster-name',
  'ingress.eks.amazonaws.com/stack',
  'aws:ecs:clustername',
  'aws:ecs:servicename',
];

/** Written by AWS, by controllers and autoscalers of Kubernetes: whose a resource is, and what for. */
const OF_MACHINES =
  /^(aws:|eks:|karpenter\.sh\/|kubernetes\.io\/|cluster\.k8s\.amazonaws\.com\/|(elbv2|ingress|service|gateway)\.(k8s\.aws|eks\.amazonaws\.com)\/)/;

/** Whether anything is ever made of a tag. Whatever else people write there is theirs, and is not kept. */
export function isTagRead(key: string): boolean {
  return key === 'Name' || OF_MACHINES.test(key) || TELLING_TAGS.includes(key.toLowerCase());
}
