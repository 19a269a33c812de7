import type { SecurityGroup, SecurityGroupRule } from '../../incident/evidence.ts';
import { type AddressBlock, blockOf, blocksOverlap, cidrOf, coversBlock, remainder } from './addresses.ts';
import type { NotSeen } from './not-seen.ts';
import { coversPorts, onePort, type PortRange, type PortSet, portUnion, tcpPorts } from './ports.ts';

export type Direction = 'ingress' | 'egress';

/** The groups of one interface. AWS merges them: any rule of any group is enough, nothing denies, order is nothing. */
export interface InterfaceGroups {
  readonly seen: readonly SecurityGroup[];
  readonly notSeen: readonly NotSeen[];
}

/** The other end of the connection, as the rules of this end see it. */
export interface Peer {
  /** Where it may be: a target's address, or the whole subnets of a load balancer, whose nodes come and go. At least one block. */
  readonly blocks: readonly AddressBlock[];
  /** Addresses in use now: a load balancer's nodes. Empty where nobody looked. */
  readonly now: readonly AddressBlock[];
  /** A rule that names a group matches the private addresses of interfaces that carry it, and nothing else. */
  readonly groups: { readonly ids: readonly string[] } | { readonly notSeen: NotSeen };
}

/** CIDRs by prefix list id; a list that is not there was not seen. */
export type PrefixLists = ReadonlyMap<string, readonly string[]>;

/** What in a rule matches the peer. */
export type Through =
  | { readonly by: 'security-group'; readonly id: string }
  | { readonly by: 'cidr'; readonly cidr: string }
  | { readonly by: 'prefix-list'; readonly id: string; readonly cidr: string };

export interface RuleMatch {
  readonly groupId: string;
  readonly rule: Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>;
  readonly through: Through;
}

/** A group that was evaluated: what it does admit, for saying what is missing. */
export interface EvaluatedGroup {
  readonly id: string;
  readonly name: string;
  /** TCP ports that it admits, to anybody. */
  readonly ports: PortSet;
  /** TCP ports on which it admits this peer, or a part of it. */
  readonly portsForPeer: PortSet;
  /** Whom it admits on the port asked about: CIDRs, prefix lists, groups. */
  readonly peersOnPort: readonly string[];
}

export type Admission =
  /** `only-current-nodes`: the rules name the addresses of today, and the load balancer will change them. */
  | { readonly is: 'open'; readonly how: 'whole' | 'only-current-nodes'; readonly by: readonly RuleMatch[] }
  /** Some addresses of the peer are admitted. `nodes`: the same for the addresses in use now, where known. */
  | (Refusal & {
      readonly is: 'partly';
      readonly by: readonly RuleMatch[];
      readonly refused: readonly string[];
      readonly nodes: { readonly admitted: readonly string[]; readonly refused: readonly string[] };
    })
  | (Refusal & { readonly is: 'closed' })
  | { readonly is: 'unknown'; readonly notSeen: readonly NotSeen[] };

interface Refusal {
  readonly direction: Direction;
  readonly port: number;
  readonly groups: readonly EvaluatedGroup[];
  /** What a rule would have to name: one of these groups, or all of these CIDRs. */
  readonly missing: { readonly groupIds: readonly string[]; readonly cidrs: readonly string[] };
}

export function interfaceGroupsOf(ids: readonly string[], securityGroups: readonly SecurityGroup[]): InterfaceGroups {
  return {
    seen: securityGroups.filter((group) => ids.includes(group.id)),
    notSeen: ids
      .filter((id) => !securityGroups.some((group) => group.id === id))
      .map((id) => ({ kind: 'security-group', id })),
  };
}

/**
 * Whether the groups of an interface let TCP through to (`egress`) or from (`ingress`) a peer on a port. Groups are
 * stateful: the answers need no rule.
 */
export function admits(
  groups: InterfaceGroups,
  direction: Direction,
  peer: Peer,
  port: number,
  prefixLists: PrefixLists,
): Admission {
  const ways = groups.seen.flatMap((group) =>
    tcpRules(group, direction)
      .filter((rule) => coversPorts(rule.ports, onePort(port)))
      .flatMap((rule) => waysThrough(group, rule, peer, prefixLists)),
  );
  const found = ways.flatMap((way) => ('match' in way ? [way] : []));
  const by = found.map(({ match }) => match).toSorted(byIdThenPeer);

  if (found.some(({ holds }) => holds === 'everything')) return { is: 'open', how: 'whole', by };
  const taken = found.flatMap(({ holds }) => (holds === 'everything' ? [] : [holds]));
  const refused = remainder(peer.blocks, taken);
  if (found.length > 0 && refused.length === 0) return { is: 'open', how: 'whole', by };
  const nodes = parted(peer.now, (node) => taken.some((block) => coversBlock(block, node)));
  if (nodes.admitted.length > 0 && nodes.refused.length === 0) return { is: 'open', how: 'only-current-nodes', by };

  const notSeen = [...groups.notSeen, ...ways.flatMap((way) => ('notSeen' in way ? [way.notSeen] : []))];
  if (notSeen.length > 0) return { is: 'unknown', notSeen };

  const refusal: Refusal = {
    direction,
    port,
    groups: groups.seen
      .map((group) => evaluated(group, direction, peer, port, prefixLists))
      .toSorted((a, b) => byCodePoint(a.id, b.id)),
    missing: { groupIds: 'ids' in peer.groups ? peer.groups.ids : [], cidrs: peer.blocks.map(cidrOf) },
  };
  if (found.length === 0) return { ...refusal, is: 'closed' };
  return { ...refusal, is: 'partly', by, refused: refused.map(cidrOf).toSorted(byCodePoint), nodes };
}

/** One entry of one rule, held against the peer: how much of it it admits, or what is not known of that. */
type Way = { readonly match: RuleMatch; readonly holds: AddressBlock | 'everything' } | { readonly notSeen: NotSeen };

function waysThrough(group: SecurityGroup, { rule, cidrs }: TcpRule, peer: Peer, prefixLists: PrefixLists): Way[] {
  const { protocol, fromPort, toPort } = rule;
  const match = (through: Through): RuleMatch => ({ groupId: group.id, rule: { protocol, fromPort, toPort }, through });
  return [
    ...rule.groups.flatMap((reference) => {
      const way = waysByGroup(reference, peer);
      return way === 'everything'
        ? [{ match: match({ by: 'security-group', id: reference.groupId }), holds: way }]
        : way;
    }),
    ...cidrs.flatMap(({ cidr, block }) => waysByBlock(block, peer, match({ by: 'cidr', cidr }), group)),
    ...rule.prefixListIds.flatMap((id): Way[] => {
      const entries = prefixLists.get(id);
      if (entries === undefined) return [{ notSeen: { kind: 'prefix-list', id } }];
      return entries.flatMap((cidr) => waysByBlock(blockOf(cidr), peer, match({ by: 'prefix-list', id, cidr }), group));
    }),
  ];
}

/**
 * Ids of groups are unique across accounts: a reference to another account's group, or a stale one, is not among the
 * ids that the peer carries and matches nothing.
 */
function waysByGroup(reference: SecurityGroupRule['groups'][number], { groups }: Peer): 'everything' | Way[] {
  if ('notSeen' in groups) return [{ notSeen: groups.notSeen }];
  return groups.ids.includes(reference.groupId) ? 'everything' : [];
}

function waysByBlock(block: AddressBlock | undefined, peer: Peer, match: RuleMatch, group: SecurityGroup): Way[] {
  if (block === undefined) return [{ notSeen: { kind: 'security-group', id: group.id } }];
  return peer.blocks.some((part) => blocksOverlap(block, part)) ? [{ match, holds: block }] : [];
}

function evaluated(
  group: SecurityGroup,
  direction: Direction,
  peer: Peer,
  port: number,
  prefixLists: PrefixLists,
): EvaluatedGroup {
  const rules = tcpRules(group, direction);
  const forPeer = rules.filter((rule) => waysThrough(group, rule, peer, prefixLists).some((way) => 'match' in way));
  const onPort = rules.filter((rule) => coversPorts(rule.ports, onePort(port)));
  return {
    id: group.id,
    name: group.name,
    ports: portUnion(rules.map((rule) => rule.ports)),
    portsForPeer: portUnion(forPeer.map((rule) => rule.ports)),
    peersOnPort: [...new Set(onPort.flatMap(({ rule }) => peersOf(rule)))].toSorted(byCodePoint),
  };
}

function peersOf(rule: SecurityGroupRule): readonly string[] {
  return [...rule.cidrs, ...rule.prefixListIds, ...rule.groups.map((reference) => reference.groupId)];
}

interface TcpRule {
  readonly rule: SecurityGroupRule;
  readonly ports: PortRange;
  readonly cidrs: readonly { readonly cidr: string; readonly block: AddressBlock | undefined }[];
}

/** A group is asked about once per target: read its CIDRs once. */
const read = new WeakMap<readonly SecurityGroupRule[], readonly TcpRule[]>();

function tcpRules(group: SecurityGroup, direction: Direction): readonly TcpRule[] {
  const rules = group[direction];
  const known = read.get(rules);
  if (known !== undefined) return known;
  const fresh = rules.flatMap((rule) => {
    const ports = tcpPorts(rule);
    return ports === undefined
      ? []
      : [{ rule, ports, cidrs: rule.cidrs.map((cidr) => ({ cidr, block: blockOf(cidr) })) }];
  });
  read.set(rules, fresh);
  return fresh;
}

function parted(nodes: readonly AddressBlock[], isAdmitted: (node: AddressBlock) => boolean) {
  return {
    admitted: nodes.filter(isAdmitted).map(cidrOf),
    refused: nodes.filter((node) => !isAdmitted(node)).map(cidrOf),
  };
}

function byIdThenPeer(one: RuleMatch, other: RuleMatch): number {
  return byCodePoint(keyOf(one), keyOf(other));
}

function keyOf({ groupId, rule, through }: RuleMatch): string {
  const named = [through.by, 'id' in through ? through.id : '', 'cidr' in through ? through.cidr : ''];
  return [groupId, ...named, rule.protocol, rule.fromPort, rule.toPort].join(' ');
}

function byCodePoint(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
