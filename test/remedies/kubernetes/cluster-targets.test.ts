import { expect, test } from 'vitest';
import healthCheckCodeMismatch from '../../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import type { NetworkInterface } from '../../../lambda/incident/evidence.ts';
import { aSnapshot, denied, type Ill, instance, targetGroup, unhealthy } from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const nodeInterface = (ill: Partial<NetworkInterface> = {}): NetworkInterface => ({
  ...{ id: 'eni-node', description: 'aws-K8S-i-0a1b2c', subnetId: 'subnet-app-a', vpcId: 'vpc-1', zone: 'us-east-1a' },
  ...{ addresses: ['10.0.10.5', '10.0.10.20'], prefixes: [], securityGroupIds: ['sg-app'], instanceId: 'i-0a1b2c' },
  tags: { 'cluster.k8s.amazonaws.com/name': 'prod', 'node.k8s.amazonaws.com/instance_id': 'i-0a1b2c' },
  ...ill,
});
const pods: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [unhealthy('10.0.10.20', 'Target.ResponseCodeMismatch')],
  targetInterfaces: [nodeInterface()],
};
const nodes = (tags: Record<string, string>): Ill => ({
  targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch')],
  instances: [instance('i-1', { tags })],
});
const told = (ill: Ill) => {
  const [finding] = diagnose(aSnapshot(ill), [healthCheckCodeMismatch]).findings;
  return {
    proof: plain(finding?.because.at(-1)?.shows ?? []),
    looks: (finding?.fixes ?? []).flatMap(({ run }) => (run?.[0] === 'kubectl' ? [run.join(' ')] : [])),
  };
};
const BINDINGS = 'kubectl get targetgroupbindings --all-namespaces --output wide';

test.each<[string, Ill]>([
  ['among the addresses of an interface', pods],
  [
    'in a prefix of an interface',
    { ...pods, targetInterfaces: [nodeInterface({ addresses: ['10.0.10.5'], prefixes: ['10.0.10.16/28'] })] },
  ],
])("a pod's address %s of a node, in a group without tags", (_, ill) => {
  expect(told(ill)).toEqual({
    proof: '10.0.10.20 is the address of a pod of cluster prod: eni-node, an interface of a node, holds it',
    looks: ['kubectl get pods --all-namespaces --output wide --field-selector status.podIP=10.0.10.20', BINDINGS],
  });
});

test('the interface of a pod may name no cluster', () => {
  expect(told({ ...pods, targetInterfaces: [nodeInterface({ tags: {} })] }).proof).toBe(
    '10.0.10.20 is the address of a pod: eni-node, an interface of a node, holds it',
  );
});

test.each([
  ['a node group of EKS', { 'eks:cluster-name': 'prod' }],
  ['nodes of somebody else', { 'kubernetes.io/cluster/prod': 'owned' }],
])('instances that are nodes: %s', (_, tags) => {
  expect(told(nodes(tags))).toEqual({
    proof: 'i-1 is a node of cluster prod: a pod on any node may answer on it',
    looks: [BINDINGS],
  });
});

test.each<[string, Ill]>([
  ['an interface of another make', { ...pods, targetInterfaces: [nodeInterface({ description: '', tags: {} })] }],
  ['interfaces denied', { ...pods, targetInterfaces: denied('ec2:DescribeNetworkInterfaces') }],
  ['instances of their own', nodes({ Name: 'web' })],
])('nothing is said of Kubernetes: %s', (_, ill) => {
  expect(told(ill).looks).toEqual([]);
});
