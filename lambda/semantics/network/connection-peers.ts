import type { LoadBalancer, SecurityGroup, Subnet } from '../../incident/evidence.ts';
import { memo } from '../memo.ts';
import { type AddressFamily, blocksOf, everyAddress } from './addresses.ts';
import type { Network } from './network.ts';
import type { NotSeen } from './not-seen.ts';
import type { Peer } from './security-groups.ts';
import type { TargetEndpoint } from './target-endpoint.ts';

/** Where one side of the connection may be, as the rules of the other side see it. */
export interface ConnectionPeer extends Peer, Range {
  /** The whole subnet of a target, for what is true of all in it. */
  readonly around: ConnectionPeer | null;
}

interface Range extends Pick<Peer, 'blocks'> {
  /** What was not seen, where `blocks` are only the range that the address lies in; `null` where they are exact. */
  readonly vague: NotSeen | null;
  /** Stands for `blocks` where answers are remembered. */
  readonly place: string;
}

/** The load balancer in one of its subnets: all of it, since its nodes' addresses change. */
export function nodePeersIn(network: Network): (subnetId: string, family: AddressFamily) => ConnectionPeer {
  const { loadBalancerInterfaces = [], subnets = [] } = network;
  const groupIds = ownGroupIds(network);
  const groups = groupIds === null ? { notSeen: DEFAULT_GROUP } : { ids: groupIds };
  const remember = memo<ConnectionPeer>();
  return (subnetId, family) =>
    remember(`${subnetId} ${family}`, () => {
      const nodes = loadBalancerInterfaces.filter((one) => one.subnetId === subnetId);
      const now = blocksOf(nodes.flatMap((node) => node.addresses)).filter((one) => one.family === family);
      return { ...rangeOf(subnetId, family, subnets), now, groups, around: null };
    });
}

export function targetPeersIn({ subnets = [] }: Network): (end: TargetEndpoint) => ConnectionPeer {
  const remember = memo<ConnectionPeer>();
  return ({ itself, address, family, subnetId, securityGroupIds }) => {
    const groups = securityGroupIds === null ? { notSeen: itself } : { ids: securityGroupIds };
    const subnet = remember(`${subnetId} ${family} ${securityGroupIds ?? itself.id}`, () => {
      const range = rangeOf(subnetId, family, subnets);
      return { ...range, place: `targets in ${range.place}`, now: [], groups, around: null };
    });
    if (address === null) return { ...subnet, vague: itself, place: `${itself.id} in ${subnet.place}` };
    const around = subnet.vague === null ? subnet : null;
    return { blocks: blocksOf([address]), vague: null, place: address, now: [], groups, around };
  };
}

function rangeOf(subnetId: string | null, family: AddressFamily, subnets: readonly Subnet[]): Range {
  const subnet = subnets.find((one) => one.id === subnetId);
  const cidrs = subnet === undefined ? [] : [subnet.cidr, ...subnet.ipv6Cidrs];
  const blocks = blocksOf(cidrs).filter((block) => block.family === family);
  const place = `${subnetId} ${family}`;
  if (blocks.length > 0) return { blocks, vague: null, place };
  return { blocks: [everyAddress(family)], vague: { kind: 'subnet', id: subnetId ?? 'unknown' }, place };
}

export const DEFAULT_GROUP: NotSeen = { kind: 'security-group', id: 'default' };

/** A load balancer without groups of its own has its VPC's default group; `null` where that was not seen. */
export function ownGroupIds({
  loadBalancer,
  securityGroups = [],
}: {
  readonly loadBalancer: LoadBalancer;
  readonly securityGroups?: readonly SecurityGroup[] | undefined;
}): readonly string[] | null {
  if (loadBalancer.securityGroupIds.length > 0) return loadBalancer.securityGroupIds;
  const fallback = securityGroups.find((group) => group.name === 'default' && group.vpcId === loadBalancer.vpcId);
  return fallback === undefined ? null : [fallback.id];
}
