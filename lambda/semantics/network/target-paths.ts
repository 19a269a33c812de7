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
import { type Network, type Path, type PathState, pathsIn } from './path.ts';
import { portsInUse, type TargetEndpoint, targetEndpointsIn } from './target-endpoint.ts';

/** All that tells about the way to a target: what a rule names that judges paths as far as they were seen. */
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

/**
 * Targets in every state are judged, `unused` ones too: what is closed to them now is closed when they come back.
 * Several rules ask the same of the same evidence: it is judged once.
 */
export function targetPaths(evidence: PathEvidence): readonly TargetPath[] {
  const before = judged.get(evidence.targetHealth) ?? [];
  const same = before.find((one) => PARTS.every((part) => one.evidence[part] === evidence[part]));
  if (same !== undefined) return same.paths;
  const paths = freshlyJudged(evidence);
  judged.set(evidence.targetHealth, [...before, { evidence, paths }]);
  return paths;
}

const judged = new WeakMap<
  readonly Target[],
  readonly { readonly evidence: PathEvidence; readonly paths: readonly TargetPath[] }[]
>();

const PARTS: readonly (keyof PathEvidence)[] = [
  'loadBalancer',
  'loadBalancerInterfaces',
  'securityGroups',
  'networkAcls',
  'subnets',
  'routeTables',
  'prefixLists',
  'targetHealth',
  'targetGroups',
  'instances',
  'targetInterfaces',
  'targetGroupAttributes',
];

function freshlyJudged(evidence: PathEvidence): readonly TargetPath[] {
  const pathTo = pathsIn(evidence);
  const endOf = targetEndpointsIn(evidence.instances, evidence.targetInterfaces, evidence.subnets);
  const groups = new Map(evidence.targetGroups.map((group) => [group.arn, group]));
  return evidence.targetHealth.flatMap((target): TargetPath[] => {
    const group = groups.get(target.targetGroup);
    const end = endOf(target);
    if (group === undefined || end === undefined) return [];
    const crossZone = evidence.targetGroupAttributes?.[group.arn]?.['load_balancing.cross_zone.enabled'] !== 'false';
    return portsInUse(target, group).map(({ port, uses }) => ({
      target,
      group,
      end,
      port,
      uses,
      path: pathTo(end, port, crossZone),
    }));
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

type PathParts = Pick<ObservedEvidence, Exclude<(typeof PATH_EVIDENCE)[number], 'routeTables' | 'prefixLists'>> &
  Partial<Pick<ObservedEvidence, 'routeTables' | 'prefixLists'>> & {
    /** All targets: where several rules ask, of some targets each, the paths to all of them are judged once. */
    readonly targetHealth?: readonly Target[];
  };

/** What security groups, network ACLs and routes do to all connections to some targets, as far as they were seen. */
export function worstPathState(
  targets: readonly Target[],
  targetGroups: readonly TargetGroup[],
  parts: PathParts,
): PathState {
  const { loadBalancer, subnets, instances, targetInterfaces, securityGroups, networkAcls } = parts;
  if (!loadBalancer.seen || !subnets.seen || !instances.seen || !targetInterfaces.seen) return 'unknown';
  if (!securityGroups.seen || !networkAcls.seen) return 'unknown';
  const asked = new Set(targets);
  const paths = targetPaths({
    loadBalancer: loadBalancer.value,
    loadBalancerInterfaces: ifSeen(parts.loadBalancerInterfaces),
    securityGroups: securityGroups.value,
    networkAcls: networkAcls.value,
    subnets: subnets.value,
    routeTables: parts.routeTables && ifSeen(parts.routeTables),
    prefixLists: parts.prefixLists && ifSeen(parts.prefixLists),
    instances: instances.value,
    targetInterfaces: targetInterfaces.value,
    targetGroupAttributes: ifSeen(parts.targetGroupAttributes),
    targetHealth: parts.targetHealth ?? targets,
    targetGroups,
  }).filter(({ target }) => asked.has(target));
  const states = paths.map(({ path }) => path.is);
  const worst: readonly PathState[] = ['blocked', 'partly-blocked', 'unknown'];
  return paths.length === 0 ? 'unknown' : (worst.find((state) => states.includes(state)) ?? 'open');
}
