import type {
  Attributes,
  EvidenceKey,
  Instance,
  NetworkInterface,
  Subnet,
  Target,
  TargetGroup,
} from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { portsInUse } from '../targets/ports-in-use.ts';
import { isUsable } from '../targets/targets.ts';
import type { Network } from './network.ts';
import { type Path, type PathState, pathsIn } from './path.ts';
import { type TargetEndpoint, targetEndpointsIn } from './target-endpoint.ts';

/** All that tells about the way to a target: what is asked for to judge paths as far as they were seen. */
export const PATH_EVIDENCE = [
  'loadBalancer',
  'loadBalancerInterfaces',
  'securityGroups',
  'networkAcls',
  'routeTables',
  'prefixLists',
  'subnets',
  'instances',
  'targetInterfaces',
  'targetGroupAttributes',
] as const satisfies readonly EvidenceKey[];

/** The way to one target on one port, and what the load balancer uses that port for. */
export interface TargetPath {
  readonly target: Target;
  readonly group: TargetGroup;
  readonly end: TargetEndpoint;
  readonly port: number;
  readonly uses: readonly ('traffic' | 'health-check')[];
  readonly path: Path;
}

export interface PathEvidence extends Network {
  readonly targetHealth: readonly Target[];
  readonly targetGroups: readonly TargetGroup[];
  readonly instances: readonly Instance[];
  readonly targetInterfaces: readonly NetworkInterface[];
  readonly subnets: readonly Subnet[];
  readonly targetGroupAttributes?: Readonly<Record<string, Attributes>> | undefined;
}

/** Targets in every state are judged, `unused` ones too: what is closed to them now is closed when they come back. */
export function targetPaths(evidence: PathEvidence): readonly TargetPath[] {
  const pathTo = pathsIn(evidence);
  const endOf = targetEndpointsIn(evidence.instances, evidence.targetInterfaces, evidence.subnets);
  const groups = new Map(evidence.targetGroups.map((group) => [group.arn, group]));
  return evidence.targetHealth.flatMap((target): TargetPath[] => {
    const group = groups.get(target.targetGroup);
    const end = endOf(target);
    if (group === undefined || end === undefined) return [];
    const crossZone = evidence.targetGroupAttributes?.[group.arn]?.['load_balancing.cross_zone.enabled'] !== 'false';
    return portsInUse(target, group).map(({ port, uses }) => {
      return { target, group, end, port, uses, path: pathTo(end, port, crossZone) };
    });
  });
}

/**
 * AWS's own word that packets get through on a port: a health check there succeeded, was answered with some code, or was
 * refused. AWS knows better than any evaluation of rules.
 */
export function isReachedOn(target: Target, port: number): boolean {
  if (target.healthCheckPort !== port) return false;
  return (
    target.state === 'healthy' ||
    target.reason === 'Target.ResponseCodeMismatch' ||
    target.reason === 'Target.FailedHealthChecks'
  );
}

/** Health checks to this port end in silence, as they do when packets are dropped. */
export function timesOutOn(target: Target, port: number): boolean {
  return target.healthCheckPort === port && target.reason === 'Target.Timeout';
}

export type PathParts = Pick<ObservedEvidence, Exclude<(typeof PATH_EVIDENCE)[number], 'routeTables' | 'prefixLists'>> &
  Partial<Pick<ObservedEvidence, 'routeTables' | 'prefixLists'>> &
  Pick<PathEvidence, 'targetHealth' | 'targetGroups'>;

/** What was seen of the ways to the targets; `null` where their ends were not: then there is no path to judge. */
export function pathEvidenceOf(parts: PathParts): PathEvidence | null {
  const { loadBalancer, subnets, instances, targetInterfaces, targetHealth, targetGroups } = parts;
  if (!loadBalancer.seen || !subnets.seen || !instances.seen || !targetInterfaces.seen) return null;
  return {
    ...{ targetHealth, targetGroups, loadBalancer: loadBalancer.value, subnets: subnets.value },
    ...{ instances: instances.value, targetInterfaces: targetInterfaces.value },
    loadBalancerInterfaces: ifSeen(parts.loadBalancerInterfaces),
    securityGroups: ifSeen(parts.securityGroups),
    networkAcls: ifSeen(parts.networkAcls),
    routeTables: parts.routeTables && ifSeen(parts.routeTables),
    prefixLists: parts.prefixLists && ifSeen(parts.prefixLists),
    targetGroupAttributes: ifSeen(parts.targetGroupAttributes),
  };
}

/** What security groups, network ACLs and routes do to all connections to some targets, as far as they were seen. */
export function worstStateTo(targets: readonly Target[], paths: readonly TargetPath[]): PathState {
  const asked = new Set(targets);
  const states = new Set(paths.filter(({ target }) => asked.has(target)).map(({ path }) => path.is));
  const worst: readonly PathState[] = ['blocked', 'partly-blocked', 'unknown'];
  return states.size === 0 ? 'unknown' : (worst.find((state) => states.has(state)) ?? 'open');
}

/** No target of these groups that gets requests has another way: what fails to connect fails on this one. */
export function areOnlyWays(paths: readonly TargetPath[], all: readonly TargetPath[]): boolean {
  const closed = new Set(paths.filter(({ path }) => path.is === 'blocked').map(({ target }) => target));
  const groups = new Set(paths.map(({ group }) => group.arn));
  const asked = all.filter(({ group, target }) => groups.has(group.arn) && isUsable(target));
  return asked.length > 0 && asked.every(({ target }) => closed.has(target));
}
