import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';

/** Groups of the same targets: what is taken out of one of them for failing its checks is taken out of all. */
export type KinGroups = readonly (readonly string[])[];

/** Those of one ECS service, or of one Auto Scaling group that asks load balancers for the health of its instances. */
export function kinGroupsIn({
  ecsServices,
  autoScalingGroups,
}: Pick<ObservedEvidence, 'ecsServices' | 'autoScalingGroups'>): KinGroups {
  return [
    ...(ifSeen(ecsServices) ?? []).map(({ targetGroups }) => targetGroups.map(({ arn }) => arn)),
    ...(ifSeen(autoScalingGroups) ?? [])
      .filter(({ healthCheckTypes }) => healthCheckTypes.includes('ELB'))
      .map(({ targetGroups }) => targetGroups),
  ];
}
