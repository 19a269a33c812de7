import { expect, test } from 'vitest';
import targetReturns5xx from '../../../lambda/causes/application/target-returns-5xx/cause.ts';
import healthCheckCodeMismatch from '../../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import {
  aSnapshot,
  denied,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  TG,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';

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
    'kubectl get pods --namespace shop --output custom-columns=POD:.metadata.name,RESTARTS:.status.containerStatuses[*].restartCount,LAST-END:.status.containerStatuses[*].lastState.terminated.reason,AT:.status.containerStatuses[*].lastState.terminated.finishedAt',
    'kubectl get pods --namespace shop --output wide --field-selector status.podIP=10.0.10.20',
    'kubectl get endpointslices --namespace shop --selector kubernetes.io/service-name=api',
    'kubectl describe ingress web --namespace shop',
  ]);
});

test('points to all pods of the namespace where the targets are nodes', () => {
  const [, pods] = kubectl({ ...tagged, targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch')] });
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

test('reads the log behind the service where the application answers 5xx', () => {
  const failing = { HTTPCode_Target_5XX_Count: lately(9, 60) };
  const ill = { ...tagged, loadBalancerMetrics: metrics(failing), targetGroupMetrics: groupMetrics({ [TG]: failing }) };
  const [finding] = diagnose(aSnapshot(ill), [targetReturns5xx]).findings;
  const [first] = (finding?.fixes ?? []).filter(({ run }) => run?.[0] === 'kubectl');
  expect(first?.run?.join(' ')).toBe('kubectl logs service/api --namespace shop --all-containers --since 1h');
});
