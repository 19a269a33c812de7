import type { EvidenceKey } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { type EpisodeSpan, errorsInEpisode } from '../../semantics/errors/episode.ts';
import { errorSeries } from '../../semantics/errors/error-series.ts';
import { clusterIn } from '../../semantics/kubernetes/controller-tags.ts';
import { routeTableOf } from '../../semantics/network/route-table.ts';
import { failedInstances } from '../metrics/instance-metrics.ts';

/** CloudTrail takes one attribute a call. */
export interface Lookup {
  readonly by: 'ResourceName' | 'EventSource' | 'EventName' | 'Username';
  readonly value: string;
}

/** What tells which resources to ask for. */
export const TRAIL_EVIDENCE = [
  'loadBalancer',
  'targetGroups',
  'tags',
  'targetHealth',
  'instances',
  'instanceMetrics',
  'targetInterfaces',
  'networkAcls',
  'routeTables',
  'loadBalancerMetrics',
  'autoScalingGroups',
  'ecsServices',
] as const satisfies readonly EvidenceKey[];

export type TrailEvidence = Pick<ObservedEvidence, (typeof TRAIL_EVIDENCE)[number]>;

/**
 * What to ask CloudTrail for, the most telling first: two calls a second are all that the account has. Elastic Load
 * Balancing names no resources in its records, so that all of it is asked for; EC2 is far too busy for that.
 */
export function lookupsFor(parts: TrailEvidence, episode: EpisodeSpan | null): readonly Lookup[] {
  const targets = ifSeen(parts.targetHealth) ?? [];
  const failing = targets.filter(({ state }) => state !== 'healthy');
  if (episode === null && failing.length === 0 && parts.loadBalancerMetrics.seen) {
    return [LOAD_BALANCING, ...keeperLookups(parts)];
  }

  const network = networkLookups(parts);
  const rollouts = rolloutLookups(parts);
  const down = failing.some(({ reason }) => reason === 'Target.InvalidState');
  if (down) return [...STOPS, LOAD_BALANCING, ...keeperLookups(parts), ...reboots(parts), ...rollouts, ...network];
  // Instances that were stopped may run again.
  const stops = failing.length === 0 && targets.some(({ id }) => id.startsWith('i-')) ? STOPS.slice(0, 1) : [];
  const [first, rest] = [network.slice(0, FIRST_OF_NETWORK), network.slice(FIRST_OF_NETWORK)];
  const keeper = keeperLookups(parts);
  const others = [LOAD_BALANCING, ...keeper, ...stops, ...reboots(parts), ...rollouts];
  // What a controller did is seen first: its other calls are then looked up by its name.
  return isSilent(parts, episode) && keeper.length === 0
    ? [...first, ...others, ...rest]
    : [...others, ...first, ...rest];
}

const FIRST_OF_NETWORK = 4;
const LOAD_BALANCING: Lookup = { by: 'EventSource', value: 'elasticloadbalancing.amazonaws.com' };
/**
 * What a load balancer controller reads of other services, and its credentials: where it is refused any of that it leaves off,
 * and no call of Elastic Load Balancing tells why.
 */
export const READ_BY_KEEPER: readonly Lookup[] = [
  ...['GetSubscriptionState', 'GetWebACLForResource'].map((value) => ({ by: 'EventName' as const, value })),
  { by: 'Username', value: 'system:serviceaccount:kube-system:aws-load-balancer-controller' },
];

/** Only where a controller keeps a group that has no target, or one that is not healthy. */
function keeperLookups({ tags, targetGroups, targetHealth }: TrailEvidence): readonly Lookup[] {
  if (!targetHealth.seen) return [];
  const kept = (ifSeen(targetGroups) ?? []).filter(({ arn }) => clusterIn(ifSeen(tags)?.[arn] ?? {}) !== null);
  const isIll = kept.some(({ arn }) => {
    const targets = targetHealth.value.filter(({ targetGroup }) => targetGroup === arn);
    return targets.length === 0 || targets.some(({ state }) => state !== 'healthy');
  });
  return isIll ? READ_BY_KEEPER : [];
}

/** By name: one call for all instances, those among them that run again. */
const STOPS: readonly Lookup[] = ['StopInstances', 'TerminateInstances'].map((value) => ({ by: 'EventName', value }));

/** What started again was rebooted by somebody, or did it by itself. */
function reboots({ instanceMetrics }: TrailEvidence): readonly Lookup[] {
  const failed = instanceMetrics.seen ? failedInstances(instanceMetrics.value) : [];
  return failed.length > 0 ? [{ by: 'EventName', value: 'RebootInstances' }] : [];
}

/** As packets that are dropped make it look: then it is the network that was changed. */
function isSilent({ targetHealth, loadBalancerMetrics }: TrailEvidence, episode: EpisodeSpan | null): boolean {
  if (ifSeen(targetHealth)?.some(({ reason }) => reason === 'Target.Timeout')) return true;
  if (!loadBalancerMetrics.seen || episode === null || episode.of !== 'errors') return false;
  return errorsInEpisode(errorSeries(loadBalancerMetrics.value), '504', episode) > episode.errors / 2;
}

function rolloutLookups({ autoScalingGroups, ecsServices, targetGroups }: TrailEvidence): readonly Lookup[] {
  const sources = [
    ...((ifSeen(ecsServices) ?? []).length > 0 ? ['ecs'] : []),
    ...((ifSeen(autoScalingGroups) ?? []).length > 0 ? ['autoscaling'] : []),
    ...(ifSeen(targetGroups)?.some(({ targetType }) => targetType === 'lambda') ? ['lambda'] : []),
  ];
  return sources.map((source) => ({ by: 'EventSource', value: `${source}.amazonaws.com` }));
}

const GROUPS_AT_MOST = 3;

/** Of the failing targets first: security groups of both ends, ACLs of both subnets, the load balancer's route table. */
function networkLookups(parts: TrailEvidence): readonly Lookup[] {
  const { securityGroupIds = [], zones = [], vpcId = '' } = ifSeen(parts.loadBalancer) ?? {};
  const ends = endsOf(parts);
  const ofTargets = distinct(ends.flatMap((end) => end.securityGroupIds)).slice(0, GROUPS_AT_MOST);
  const subnets = [...ends.flatMap(({ subnetId }) => subnetId ?? []), ...zones.map(({ subnetId }) => subnetId)];
  const acls = distinct(
    distinct(subnets).flatMap(
      (id) => (ifSeen(parts.networkAcls) ?? []).find((acl) => acl.subnetIds.includes(id)) ?? [],
    ),
  );
  const tables = zones.flatMap(
    ({ subnetId }) => routeTableOf({ id: subnetId, vpcId }, ifSeen(parts.routeTables) ?? []) ?? [],
  );
  const ids = [
    ...ofTargets,
    ...securityGroupIds.slice(0, 1),
    // A VPC's default ACL is seldom touched.
    ...[...acls].sort((a, b) => Number(a.isDefault) - Number(b.isDefault)).map(({ id }) => id),
    ...securityGroupIds.slice(1, 2),
    ...tables.map(({ id }) => id),
    // A target can be given other groups.
    ...ends.flatMap(({ fails, interfaceId }) => (fails ? (interfaceId ?? []) : [])).slice(0, 1),
  ];
  return distinct(ids).map((value) => ({ by: 'ResourceName', value }));
}

interface End {
  readonly securityGroupIds: readonly string[];
  readonly subnetId: string | null;
  readonly interfaceId: string | null;
  readonly fails: boolean;
}

function endsOf({ targetHealth, instances, targetInterfaces, ecsServices }: TrailEvidence): readonly End[] {
  const targets = ifSeen(targetHealth) ?? [];
  const healthy = new Set(targets.filter(({ state }) => state === 'healthy').map(({ id }) => id));
  const ends = [
    ...(ifSeen(instances) ?? []).map(({ id, primarySecurityGroupIds, subnetId, interfaces }) => ({
      securityGroupIds: primarySecurityGroupIds,
      subnetId,
      interfaceId: interfaces[0]?.id ?? null,
      fails: !healthy.has(id),
    })),
    ...(ifSeen(targetInterfaces) ?? []).map(({ id, securityGroupIds, subnetId, addresses }) => ({
      securityGroupIds,
      subnetId,
      interfaceId: id,
      fails: !addresses.some((address) => healthy.has(address)),
    })),
  ];
  // What ECS takes away and starts anew is there in the configuration of its service at any moment.
  const ofServices = (ifSeen(ecsServices) ?? []).flatMap(({ network }): readonly End[] =>
    (network?.subnetIds ?? []).map((subnetId) => ({
      ...{ securityGroupIds: network?.securityGroupIds ?? [], subnetId, interfaceId: null, fails: false },
    })),
  );
  return [...ends.filter(({ fails }) => fails), ...ofServices, ...ends.filter(({ fails }) => !fails)];
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
