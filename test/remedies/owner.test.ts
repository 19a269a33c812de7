import { expect, test } from 'vitest';
import { managerOf, ownerTitle } from '../../lambda/remedies/owner.ts';
import { isManagedByKubernetes } from '../../lambda/semantics/kubernetes/controller-tags.ts';

test.each<[string, Record<string, string>, string | undefined]>([
  [
    'a group of a load balancer controller',
    { 'elbv2.k8s.aws/cluster': 'prod' },
    'load balancer controller of cluster prod',
  ],
  ['a group of EKS Auto Mode', { 'eks:eks-cluster-name': 'auto' }, 'load balancer controller of cluster auto'],
  [
    'a node of EKS Auto Mode',
    { 'eks:eks-cluster-name': 'auto', 'karpenter.sh/nodepool': 'general' },
    'node pool general',
  ],
  [
    'an instance of a node group',
    { 'eks:nodegroup-name': 'general', 'aws:autoscaling:groupName': 'eks-general-1' },
    'Auto Scaling group eks-general-1',
  ],
  ['a resource of a stack', { 'aws:cloudformation:stack-name': 'web' }, 'CloudFormation stack web'],
  ['a task of a service', { 'aws:ecs:serviceName': 'web' }, 'ECS service web'],
  ['nobody that the tags tell', { Name: 'web' }, undefined],
])('%s', (_, tags, owner) => {
  const manager = managerOf(tags);
  expect(manager && ownerTitle(manager)).toBe(owner);
});

test.each<[string, Record<string, string>, boolean]>([
  ['kept by a controller', { 'elbv2.k8s.aws/cluster': 'prod' }, true],
  ['kept by EKS Auto Mode', { 'eks:eks-cluster-name': 'auto' }, true],
  ['owned by a cluster', { 'kubernetes.io/cluster/prod': 'owned' }, true],
  ['of ECS', { 'aws:ecs:serviceName': 'web' }, false],
])('%s: pods %3$s', (_, tags, expected) => {
  expect(isManagedByKubernetes(tags)).toBe(expected);
});
