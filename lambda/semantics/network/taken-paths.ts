import type { TakenTarget } from '../ecs/taken-targets.ts';
import { portsInUse } from '../targets/ports-in-use.ts';
import { blockOf } from './addresses.ts';
import { pathsIn } from './path.ts';
import { type TargetEndpoint, targetEndpointsIn } from './target-endpoint.ts';
import type { PathEvidence, TargetPath } from './target-paths.ts';

/** The way that led to a target that ECS has taken away. */
export interface TakenPath extends TargetPath {
  readonly target: TakenTarget;
}

/**
 * The ways to targets that are gone. The interface of a task goes with it, and who holds its address now is somebody else: its
 * subnet follows from the address, its security groups from what its service gives to each of its tasks.
 */
export function pathsToTaken(taken: readonly TakenTarget[], evidence: PathEvidence): readonly TakenPath[] {
  const pathTo = pathsIn(evidence);
  const endOf = endsOfTaken(evidence);
  const groups = new Map(evidence.targetGroups.map((group) => [group.arn, group]));
  return taken.flatMap((target): readonly TakenPath[] => {
    const group = groups.get(target.targetGroup);
    if (group === undefined) return [];
    const end = endOf(target);
    const crossZone = evidence.targetGroupAttributes?.[group.arn]?.['load_balancing.cross_zone.enabled'] !== 'false';
    return portsInUse(target, group).map(({ port, uses }) => ({
      ...{ target, group, end, port, uses },
      path: pathTo(end, port, crossZone),
    }));
  });
}

function endsOfTaken({ instances, subnets }: PathEvidence): (target: TakenTarget) => TargetEndpoint {
  const known = targetEndpointsIn(instances, [], subnets);
  return (target) => {
    const end = target.id.startsWith('i-') || blockOf(target.id) !== undefined ? known(target) : undefined;
    const { subnetIds = [], securityGroupIds = [] } = target.network ?? {};
    const groups = {
      securityGroupIds: securityGroupIds.length === 0 ? null : securityGroupIds,
      interfaceId: null,
      isAnothers: false,
    };
    if (end !== undefined) return target.id.startsWith('i-') ? end : { ...end, ...groups };
    // Of several subnets nobody tells in which it was.
    const [subnetId = null] = subnetIds.length === 1 ? subnetIds : [];
    const zone = target.zone ?? subnets.find(({ id }) => id === subnetId)?.zone ?? null;
    const itself = { kind: 'interface', id: target.id } as const;
    return { itself, address: null, family: 'ipv4', subnetId, zone, ...groups, outsideVpc: false };
  };
}

/** The last target of these groups that ECS took away with a word why, where its checks of the same port timed out. */
export function timedOutBefore<T extends TakenTarget>(
  paths: readonly TargetPath[],
  taken: readonly T[],
): T | undefined {
  const last = taken.findLast(
    (one) =>
      one.reason !== null &&
      paths.some(
        ({ group, port }) =>
          group.arn === one.targetGroup &&
          portsInUse(one, group).some((own) => own.port === port && own.uses.includes('health-check')),
      ),
  );
  return last?.reason === 'Target.Timeout' ? last : undefined;
}
