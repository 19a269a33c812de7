import { expect, test } from 'vitest';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { healthCheckCodeMismatch } from '../../../lambda/rules/wrong-upstream/health-check-code-mismatch.ts';
import { aSnapshot, denied, type Ill, TG, targetGroup, unhealthy } from '../../support/a-snapshot.ts';

const tagged: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [unhealthy('10.0.10.20', 'Target.ResponseCodeMismatch')],
  tags: {
    [TG]: {
      'elbv2.k8s.aws/cluster': 'prod',
      'ingress.k8s.aws/stack': 'shop/web',
      'ingress.k8s.aws/resource': 'shop/web-api:8080',
    },
  },
};
const kubectl = (ill: Ill) => {
  const [finding] = diagnose(aSnapshot(ill), [healthCheckCodeMismatch]).findings;
  return (finding?.fixes ?? []).filter(({ run }) => run?.[0] === 'kubectl');
};

test('points to the pod, the service and the ingress behind an address', () => {
  expect(kubectl(tagged).map(({ run }) => run?.join(' '))).toEqual([
    'kubectl get pods --namespace shop --output wide --field-selector status.podIP=10.0.10.20',
    'kubectl get endpointslices --namespace shop --selector kubernetes.io/service-name=api',
    'kubectl describe ingress web --namespace shop',
  ]);
});

test('points to all pods of the namespace where the targets are nodes', () => {
  const [pods] = kubectl({ ...tagged, targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch')] });
  expect(pods?.run?.join(' ')).toBe('kubectl get pods --namespace shop --output wide');
});

test('only looks', () => {
  expect(kubectl(tagged).filter(({ changes }) => changes)).toEqual([]);
});

test.each([
  ['no controller keeps the group', { ...tagged, tags: { [TG]: {} } }],
  ['the tags were not seen', { ...tagged, tags: denied('elasticloadbalancing:DescribeTags') }],
])('says nothing of Kubernetes where %s', (_, ill) => {
  expect(kubectl(ill)).toEqual([]);
});
