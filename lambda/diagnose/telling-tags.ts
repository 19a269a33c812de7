const TELLING = [
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

/** The tags that tell whom to call and what else to read, in that order. */
export function tellingTags(
  tags: Readonly<Record<string, string>>,
): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(tags)
    .map(([key, value]) => ({ key, value, rank: TELLING.indexOf(key.toLowerCase()) }))
    .filter(({ rank, value }) => rank >= 0 && value !== '')
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, value }));
}
