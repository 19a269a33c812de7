import { expect, test } from 'vitest';
import { kubernetesNames } from '../../../lambda/semantics/kubernetes/controller-tags.ts';

const ofIngress = (stack: string, resource: string) => ({
  'elbv2.k8s.aws/cluster': 'prod',
  'ingress.k8s.aws/stack': stack,
  'ingress.k8s.aws/resource': resource,
});

test.each([
  ['an ingress', ofIngress('shop/web', 'shop/web-api:8080'), ['prod', 'shop', 'web', 'api']],
  ['dashes in both names', ofIngress('shop/web-eu', 'shop/web-eu-api-v2:http'), ['prod', 'shop', 'web-eu', 'api-v2']],
  [
    'a group of ingresses: nobody can tell the two names apart',
    ofIngress('public', 'shop/web-api:80'),
    ['prod', 'shop', null, null],
  ],
  ['a stack of another namespace', ofIngress('edge/web', 'shop/web-api:80'), ['prod', 'shop', null, null]],
  ['an ingress whose default backend it is', ofIngress('shop/web', 'shop/web-:80'), ['prod', 'shop', 'web', null]],
  [
    'a service of type LoadBalancer',
    { 'service.k8s.aws/stack': 'shop/api', 'service.k8s.aws/resource': 'shop/api:80' },
    [null, 'shop', null, 'api'],
  ],
  [
    'a gateway',
    {
      'gateway.k8s.aws/stack': 'edge/main',
      'gateway.k8s.aws/resource': 'shop/route-0-api:80',
      'eks:eks-cluster-name': 'auto',
    },
    ['auto', 'shop', null, null],
  ],
])('%s', (_, tags, [cluster, namespace, ingress, service]) => {
  expect(kubernetesNames(tags)).toMatchObject({ cluster, namespace, ingress, service, autoMode: false });
});

test('the port of the service, by number or by name', () => {
  expect(kubernetesNames(ofIngress('shop/web', 'shop/web-api:http'))?.port).toBe('http');
  expect(kubernetesNames(ofIngress('shop/web', 'shop/web-api'))?.port).toBeNull();
});

test('the controller of EKS Auto Mode has tags of its own', () => {
  const tags = {
    'eks:eks-cluster-name': 'auto',
    'ingress.eks.amazonaws.com/stack': 'shop/web',
    'ingress.eks.amazonaws.com/resource': 'shop/web-api:8080',
  };
  expect(kubernetesNames(tags)).toEqual({
    ...{ cluster: 'auto', namespace: 'shop', ingress: 'web', service: 'api', port: '8080' },
    resource: 'shop/web-api:8080',
    autoMode: true,
  });
});

test.each([
  ['no tags', {}],
  ['a cluster alone', { 'elbv2.k8s.aws/cluster': 'prod' }],
  ['a load balancer: no resource that names a namespace', ofIngress('public', 'LoadBalancer')],
  ['a stack of CloudFormation', { 'aws:cloudformation:stack-name': 'web' }],
])('%s names nothing', (_, tags) => {
  expect(kubernetesNames(tags)).toBeNull();
});
