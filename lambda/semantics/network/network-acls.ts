import type { NetworkAcl } from '../../incident/evidence.ts';
import { type AddressBlock, blockOf, blockSize, blocksOverlap, cidrOf, dealOut } from './addresses.ts';
import type { NotSeen } from './not-seen.ts';
import { coversPorts, type PortRange, portSlices, tcpPorts } from './ports.ts';
import type { Direction } from './security-groups.ts';

/** The far end of the packets: where it may be, at least one block, and, of a load balancer, the addresses in use now. */
export interface Remote {
  readonly blocks: readonly AddressBlock[];
  readonly now: readonly AddressBlock[];
}

/** A rule number, and what it drops of the addresses and ports asked about. */
export interface Denial {
  readonly ruleNumber: number;
  readonly remote: string;
  readonly ports: PortRange;
}

interface Refusal {
  readonly aclId: string;
  readonly direction: Direction;
  readonly denied: readonly Denial[];
}

export type AclVerdict =
  | {
      readonly is: 'open';
      readonly aclId: string;
      readonly how: 'whole' | 'only-current-nodes';
      readonly ruleNumbers: readonly number[];
    }
  | (Refusal & { readonly is: 'closed' })
  /** `share`: what is dropped, of ports × addresses: about the share of connections that fail. */
  | (Refusal & {
      readonly is: 'partly';
      readonly share: number;
      readonly nodes: { readonly passing: readonly string[]; readonly denied: readonly string[] };
    })
  | { readonly is: 'unknown'; readonly notSeen: readonly NotSeen[] };

/** The deny at the end of every ACL, `*` in the console; that of IPv6 is the next. */
export const FINAL_RULE = 32767;
const FINAL_DENY = { ipv4: FINAL_RULE, ipv6: FINAL_RULE + 1 } as const;

/** The one ACL of a subnet. */
export function aclOf(subnetId: string, networkAcls: readonly NetworkAcl[]): NetworkAcl | undefined {
  return networkAcls.find((acl) => acl.subnetIds.includes(subnetId));
}

/**
 * Whether an ACL lets TCP packets pass between its subnet and the remote end, on every one of the destination ports.
 * Rules are tried by ascending number, and the first that matches decides. An ACL keeps no state: the way back is a
 * question of its own.
 */
export function passes(acl: NetworkAcl, direction: Direction, remote: Remote, ports: PortRange): AclVerdict {
  const rules = tcpRules(acl, direction);
  if (rules === undefined) return { is: 'unknown', notSeen: [{ kind: 'network-acl', id: acl.id }] };
  const pieces = decided(rules, remote.blocks, ports);
  const denied = pieces.filter((piece) => !piece.allows);
  const ruleNumbers = [...new Set(pieces.map((piece) => piece.ruleNumber))];
  if (denied.length === 0) return { is: 'open', aclId: acl.id, how: 'whole', ruleNumbers };

  const refusal: Refusal = { aclId: acl.id, direction, denied: denials(denied) };
  if (denied.length === pieces.length) return { ...refusal, is: 'closed' };

  const isPassing = (node: AddressBlock) => decided(rules, [node], ports).every((piece) => piece.allows);
  const [passing, stopped] = [remote.now.filter(isPassing), remote.now.filter((node) => !isPassing(node))];
  if (passing.length > 0 && stopped.length === 0) {
    return { is: 'open', aclId: acl.id, how: 'only-current-nodes', ruleNumbers };
  }
  return {
    ...refusal,
    is: 'partly',
    share: weight(denied) / weight(pieces),
    nodes: { passing: passing.map(cidrOf), denied: stopped.map(cidrOf) },
  };
}

interface Piece {
  readonly block: AddressBlock;
  readonly ports: PortRange;
  readonly ruleNumber: number;
  readonly allows: boolean;
}

/** Every address and port asked about, in pieces that one rule decides. */
function decided(rules: readonly TcpRule[], blocks: readonly AddressBlock[], ports: PortRange): readonly Piece[] {
  const near = rules.filter((rule) => blocks.some((block) => blocksOverlap(rule.block, block)));
  return portSlices(
    ports,
    near.map((rule) => rule.ports),
  ).flatMap((slice) =>
    dealOut(
      blocks,
      near.filter((rule) => coversPorts(rule.ports, slice)),
    ).map(({ block, to }) => ({
      block,
      ports: slice,
      ruleNumber: to?.ruleNumber ?? FINAL_DENY[block.family],
      allows: to?.allows ?? false,
    })),
  );
}

/** Adjoining port ranges that one rule drops, from the same addresses, as one. */
function denials(pieces: readonly Piece[]): readonly Denial[] {
  const joined: Denial[] = [];
  for (const { block, ports, ruleNumber } of pieces) {
    const remote = cidrOf(block);
    const at = joined.findIndex(
      (one) => one.ruleNumber === ruleNumber && one.remote === remote && one.ports.to + 1 === ports.from,
    );
    const before = joined[at];
    if (before === undefined) joined.push({ ruleNumber, remote, ports });
    else joined[at] = { ...before, ports: { from: before.ports.from, to: ports.to } };
  }
  return joined;
}

function weight(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { block, ports }) => sum + blockSize(block) * (ports.to - ports.from + 1), 0);
}

interface TcpRule {
  readonly ruleNumber: number;
  readonly allows: boolean;
  readonly block: AddressBlock;
  readonly ports: PortRange;
}

type ByDirection = Readonly<Record<Direction, readonly TcpRule[] | undefined>>;

/** An ACL is asked about once per target: read its entries once. */
const read = new WeakMap<NetworkAcl, ByDirection>();

/** In the order AWS tries them, which is not the order of the API's list; `undefined` where one cannot be read. */
function tcpRules(acl: NetworkAcl, direction: Direction): readonly TcpRule[] | undefined {
  const known = read.get(acl) ?? { ingress: readRules(acl, false), egress: readRules(acl, true) };
  read.set(acl, known);
  return known[direction];
}

function readRules(acl: NetworkAcl, egress: boolean): readonly TcpRule[] | undefined {
  const rules: TcpRule[] = [];
  for (const entry of acl.entries) {
    const ports = tcpPorts(entry);
    if (entry.egress !== egress || ports === undefined) continue;
    const block = blockOf(entry.cidr);
    if (block === undefined) return undefined;
    rules.push({ ruleNumber: entry.ruleNumber, allows: entry.action === 'allow', block, ports });
  }
  return rules.toSorted((a, b) => a.ruleNumber - b.ruleNumber);
}
