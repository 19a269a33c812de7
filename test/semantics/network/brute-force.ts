import fc from 'fast-check';
import { blockOf, coversBlock } from '../../../lambda/semantics/network/addresses.ts';

/** The network 10.0.0.0/28, address by address: small enough to ask about each one. */

export const HOSTS: readonly number[] = Array.from({ length: 16 }, (_, host) => host);

export interface SmallBlock {
  readonly first: number;
  readonly size: number;
}

/** A block of 1, 2, 4, 8 or 16 hosts. */
export const smallBlock: fc.Arbitrary<SmallBlock> = fc
  .record({ sizeBits: fc.integer({ min: 0, max: 4 }), host: fc.integer({ min: 0, max: 15 }) })
  .map(({ sizeBits, host }) => ({ first: host - (host % 2 ** sizeBits), size: 2 ** sizeBits }));

export const holds = ({ first, size }: SmallBlock, host: number): boolean => host >= first && host < first + size;

export const written = ({ first, size }: SmallBlock): string => `10.0.0.${first}/${32 - Math.log2(size)}`;

export const addressOf = (host: number): string => `10.0.0.${host}`;

export function isInside(address: string, cidr: string): boolean {
  const [inner, outer] = [blockOf(address), blockOf(cidr)];
  return inner !== undefined && outer !== undefined && coversBlock(outer, inner);
}

/** A list, and the same in another order. */
export function withShuffled<T>(
  items: fc.Arbitrary<readonly T[]>,
): fc.Arbitrary<readonly [readonly T[], readonly T[]]> {
  return items.chain((list) =>
    fc
      .shuffledSubarray([...list], { minLength: list.length, maxLength: list.length })
      .map((other) => [list, other] as const),
  );
}

export const range = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
