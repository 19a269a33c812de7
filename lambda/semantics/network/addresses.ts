import ipaddr from 'ipaddr.js';

export type AddressFamily = 'ipv4' | 'ipv6';

/** A CIDR block; a single address is a block of one. IPv4 is kept as IPv4-mapped IPv6, so that both count alike. */
export interface AddressBlock {
  readonly family: AddressFamily;
  readonly start: ipaddr.IPv6;
  /** Of 128, for IPv4 too. */
  readonly bits: number;
}

const MAPPED_BITS = 96;
const FAMILY_BITS = { ipv4: 32, ipv6: 128 } as const;

const ANYWHERE = {
  ipv4: block(ipaddr.IPv4.parse('0.0.0.0'), 0),
  ipv6: block(ipaddr.IPv6.parse('::'), 0),
} as const;

/** The block that an address or a CIDR writes, without its host bits; `undefined` for anything else. */
export function blockOf(written: string): AddressBlock | undefined {
  if (KNOWN.size >= KNOWN_AT_MOST) KNOWN.clear();
  const known = KNOWN.get(written);
  if (known !== undefined) return known;
  const block = readBlock(written);
  if (block !== undefined) KNOWN.set(written, block);
  return block;
}

/** The same few thousand are asked for again and again, and reading one takes longer than all that is done with it. */
const KNOWN = new Map<string, AddressBlock>();
const KNOWN_AT_MOST = 20_000;

function readBlock(written: string): AddressBlock | undefined {
  // As an instance's id has neither.
  if (!/[.:]/.test(written)) return undefined;
  if (written.includes('/')) {
    return ipaddr.isValidCIDR(written) ? block(...ipaddr.parseCIDR(written)) : undefined;
  }
  if (!ipaddr.isValid(written)) return undefined;
  const address = ipaddr.parse(written);
  return block(address, FAMILY_BITS[address.kind()]);
}

export function blocksOf(written: readonly string[]): readonly AddressBlock[] {
  return written.flatMap((one) => blockOf(one) ?? []);
}

/** Every address of a family: where something is that may be anywhere. */
export function everyAddress(family: AddressFamily): AddressBlock {
  return ANYWHERE[family];
}

export function familyOf(written: string): AddressFamily | undefined {
  return blockOf(written)?.family;
}

/** In CIDR notation, as a fix would write it: `10.0.0.7/32`. */
export function cidrOf({ family, start, bits }: AddressBlock): string {
  return family === 'ipv4' ? `${start.toIPv4Address()}/${bits - MAPPED_BITS}` : `${start.toRFC5952String()}/${bits}`;
}

/** The block of so many bits (of 128) around another one. */
export function blockAround({ family, start, bits }: AddressBlock, to: number): AddressBlock {
  const around = Math.min(bits, to);
  return { family, start: new ipaddr.IPv6(truncated(start.toByteArray(), around)), bits: around };
}

/** The whole of `inner` is in `outer`. A block of one family never covers one of the other, not even `::/0`. */
export function coversBlock(outer: AddressBlock, inner: AddressBlock): boolean {
  return outer.family === inner.family && outer.bits <= inner.bits && inner.start.match(outer.start, outer.bits);
}

/** Two blocks nest or are apart: there is no third way. */
export function blocksOverlap(one: AddressBlock, other: AddressBlock): boolean {
  return coversBlock(one, other) || coversBlock(other, one);
}

/** Addresses of private networks, which an internet gateway does not carry. */
export function isPrivate({ family, start }: AddressBlock): boolean {
  const range = family === 'ipv4' ? start.toIPv4Address().range() : start.range();
  return range === 'private' || range === 'carrierGradeNat' || range === 'uniqueLocal';
}

/** A part of the blocks dealt out, and the entry it fell to; `undefined` where no entry holds it. */
export interface BlockShare<Entry> {
  readonly block: AddressBlock;
  readonly to: Entry | undefined;
}

/** Deals the blocks out: each address to the first entry that holds it. */
export function dealOut<Entry extends { readonly block: AddressBlock }>(
  blocks: readonly AddressBlock[],
  entries: readonly Entry[],
): readonly BlockShare<Entry>[] {
  const parts: BlockShare<Entry>[] = [];
  let left = blocks;
  for (const entry of entries) {
    if (left.length === 0) break;
    left = left.flatMap((part) => {
      if (!blocksOverlap(entry.block, part)) return [part];
      const taken = coversBlock(entry.block, part) ? part : entry.block;
      parts.push({ block: taken, to: entry });
      return without(part, taken);
    });
  }
  return [...parts, ...left.map((block) => ({ block, to: undefined }))];
}

/** What no taker holds, in the fewest blocks. */
export function remainder(blocks: readonly AddressBlock[], takers: readonly AddressBlock[]): readonly AddressBlock[] {
  return dealOut(
    blocks,
    takers.map((block) => ({ block })),
  ).flatMap(({ block, to }) => (to === undefined ? [block] : []));
}

/** How much of the address space of its family a block is. */
export function blockSize({ family, bits }: AddressBlock): number {
  return 2 ** ((family === 'ipv4' ? MAPPED_BITS : 0) - bits);
}

function block(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): AddressBlock {
  if (address.kind() === 'ipv6') {
    const start = new ipaddr.IPv6(truncated(address.toByteArray(), bits));
    // `::ffff:10.0.0.1` is how IPv6 writes an IPv4 address.
    return { family: start.isIPv4MappedAddress() && bits >= MAPPED_BITS ? 'ipv4' : 'ipv6', start, bits };
  }
  const mapped = [...Array<number>(10).fill(0), 0xff, 0xff, ...address.toByteArray()];
  return { family: 'ipv4', start: new ipaddr.IPv6(truncated(mapped, MAPPED_BITS + bits)), bits: MAPPED_BITS + bits };
}

function truncated(bytes: readonly number[], bits: number): number[] {
  return bytes.map((byte, index) => byte & ~(0xff >> Math.min(8, Math.max(0, bits - index * 8))));
}

/** `inner` is covered by `outer`: the halves of halves of `outer` that hold none of `inner`. */
function without(outer: AddressBlock, inner: AddressBlock): readonly AddressBlock[] {
  const rest: AddressBlock[] = [];
  let around = outer;
  while (around.bits < inner.bits) {
    const [low, high] = halves(around);
    const innerIsLow = coversBlock(low, inner);
    rest.push(innerIsLow ? high : low);
    around = innerIsLow ? low : high;
  }
  return rest;
}

function halves({ family, start, bits }: AddressBlock): readonly [AddressBlock, AddressBlock] {
  const upper = start.toByteArray().map((byte, index) => (index === bits >> 3 ? byte | (0x80 >> (bits & 7)) : byte));
  return [
    { family, start, bits: bits + 1 },
    { family, start: new ipaddr.IPv6(upper), bits: bits + 1 },
  ];
}
