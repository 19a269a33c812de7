import type {
  EcsService,
  EcsTask,
  Instance,
  InstanceMetric,
  NetworkInterface,
  Target,
  Values,
} from '../../lambda/incident/evidence.ts';
import { always, type Ill, instance, instanceMetrics, status, target, task } from './a-snapshot.ts';
import { today, wandering } from './traffic.ts';

/** The instances `i-1` to `i-n`, by turns in both zones, each at `cpu` percent or so. */
export function fleet(
  size: number,
  type: string,
  cpu: number | Values,
  metricsOfAll: Partial<Record<InstanceMetric, Values>> = {},
) {
  const ids = Array.from({ length: size }, (_, index) => `i-${index + 1}`);
  const metricsOf = (index: number) => ({
    CPUUtilization: typeof cpu === 'number' ? wandering(40 + index, cpu, 0.25, 1) : cpu,
    StatusCheckFailed: always(0),
    ...metricsOfAll,
  });
  return {
    targetHealth: ids.map((id, index) => target(id, { zone: zoneOf(index) })),
    instances: ids.map((id, index) => inFleet(id, index, type)),
    instanceStatus: ids.map((id) => status(id)),
    instanceMetrics: instanceMetrics(Object.fromEntries(ids.map((id, index) => [id, metricsOf(index)]))),
  } satisfies Ill;
}

export function inFleet(id: string, index: number, type: string): Instance {
  const address = `10.0.${10 + (index % 2)}.${11 + index}`;
  const subnetId = index % 2 === 0 ? 'subnet-app-a' : 'subnet-app-b';
  const zone = zoneOf(index);
  const [face] = instance(id).interfaces;
  const interfaces = face === undefined ? [] : [{ ...face, subnetId, zone, addresses: [address] }];
  return instance(id, { type, zone, subnetId, primaryAddress: address, interfaces });
}

const zoneOf = (index: number): string => (index % 2 === 0 ? 'us-east-1a' : 'us-east-1b');
const zoneOfAddress = (address: string): string => zoneOf(address.startsWith('10.0.10.') ? 0 : 1);

/** The interface of a Fargate task, or of a pod's node where it names one. */
export function interfaceAt(address: string, ill: Partial<NetworkInterface> = {}): NetworkInterface {
  const zone = zoneOfAddress(address);
  return {
    id: `eni-${address.replaceAll('.', '-')}`,
    description: `arn:aws:ecs:us-east-1:123456789012:attachment/${address.replaceAll('.', '')}`,
    subnetId: zone.endsWith('a') ? 'subnet-app-a' : 'subnet-app-b',
    vpcId: 'vpc-1',
    zone,
    addresses: [address],
    prefixes: [],
    securityGroupIds: ['sg-app'],
    instanceId: null,
    tags: {},
    ...ill,
  };
}

/** A node of EKS that holds the pods' addresses. */
export function nodeInterface(node: string, ...addresses: readonly [string, ...string[]]): NetworkInterface {
  return interfaceAt(addresses[0], {
    description: `aws-K8S-${node}`,
    addresses,
    instanceId: node,
    tags: { 'cluster.k8s.amazonaws.com/name': 'prod', 'node.k8s.amazonaws.com/instance_id': node },
  });
}

export function addressTarget(address: string, ill: Partial<Target> = {}): Target {
  return target(address, { zone: zoneOfAddress(address), ...ill });
}

/** What a service tells of itself, at a time of this afternoon. */
export function told(service: string, clock: string, message: string): EcsService['events'][number] {
  return { at: today(clock), message: `(service ${service}) ${message}` };
}

/** A task with an address of its own, created at one time and up at the other. */
export function taskAt(
  id: string,
  address: string,
  created: string,
  started: string | null,
  ill: Partial<EcsTask> = {},
) {
  return task(id, {
    zone: zoneOfAddress(address),
    addresses: [address],
    createdAt: today(created),
    startedAt: started === null ? null : today(started),
    ...ill,
  });
}

/** The same, taken away by the scheduler for what a group's checks say of it. */
export function taskFailingChecks(
  id: string,
  address: string,
  [created, started, stopped]: readonly [string, string, string],
  group: string,
  ill: Partial<EcsTask> = {},
): EcsTask {
  return taskAt(id, address, created, started, {
    status: 'STOPPED',
    stoppingAt: today(stopped),
    stoppedAt: today(stopped, '40'),
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${group})`,
    containers: [{ name: 'app', exitCode: 143, reason: null }],
    ...ill,
  });
}
