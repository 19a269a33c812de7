import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressMaskFor, isPlain } from '../../../../lambda/entry/cli/redact/address-masks.ts';
import {
  blockOf,
  blocksOverlap,
  coversBlock,
  familyOf,
  isPrivate,
} from '../../../../lambda/semantics/network/addresses.ts';

const v4 = fc
  .tuple(fc.constantFrom(10, 172, 192, 100, 52, 3, 203), fc.nat(255), fc.nat(3), fc.nat(7))
  .map((one) => one.join('.'));
const v6 = fc
  .tuple(fc.constantFrom('fd12', '2600', 'fe80', '2001'), fc.nat(3), fc.nat(3), fc.nat(65_535))
  .map(([first, ...more]) => `${first}:${more.map((one) => one.toString(16)).join(':')}::7`);
const block = fc.oneof(
  fc.tuple(v4, fc.nat(32)).map(([address, bits]) => `${address}/${bits}`),
  fc.tuple(v6, fc.nat(128)).map(([address, bits]) => `${address}/${bits}`),
  v4,
  v6,
);

const of = (written: string) => {
  const known = blockOf(written);
  if (known === undefined) throw new Error(`${written} is no address`);
  return known;
};

describe('masked addresses', () => {
  test('lie within, beside and around one another as before', () => {
    fc.assert(
      fc.property(block, block, fc.string(), (one, other, seed) => {
        const mask = addressMaskFor(seed, new Set([one, other]));
        const [a, b] = [of(mask(one)), of(mask(other))];
        expect(coversBlock(a, b)).toBe(coversBlock(of(one), of(other)));
        expect(blocksOverlap(a, b)).toBe(blocksOverlap(of(one), of(other)));
        expect([familyOf(mask(one)), a.bits]).toEqual([familyOf(one), of(one).bits]);
      }),
      { numRuns: 400 },
    );
  });

  test('stay private, or public', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.string(), (one, seed) => {
        const mask = addressMaskFor(seed, new Set([one]));
        expect(isPrivate(of(mask(one)))).toBe(isPrivate(of(one)));
      }),
    );
  });

  test('are never the one that they stand for, nor another one of the snapshot', () => {
    const originals = Array.from({ length: 200 }, (_, index) => `10.0.${index >> 4}.${index & 15}`);
    const mask = addressMaskFor('seed', new Set(originals));
    expect(originals.filter((one) => originals.includes(mask(one)))).toEqual([]);
    expect(new Set(originals.map(mask)).size).toBe(originals.length);
  });

  test.each([
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '169.254.169.254',
    '127.0.0.1',
    '::1',
  ])('%s tells nobody anything, and stays', (written) => {
    expect(addressMaskFor('seed', new Set([written]))(written)).toBe(written);
    expect(isPlain(written)).toBe(true);
  });

  test.each(['10.0.0.0/16', '10.0.0.7', '52.1.2.3', '2600:1f18::1', 'fd12::/64'])('%s does not stay', (written) => {
    expect(addressMaskFor('seed', new Set([written]))(written)).not.toBe(written);
    expect(isPlain(written)).toBe(false);
  });

  test('what is no address is given back', () => {
    const mask = addressMaskFor('seed', new Set());
    expect(['', 'web', '10.0', '300.1.1.1', '14:26:00', '10.0.0.1/33'].map(mask)).toEqual([
      ...['', 'web', '10.0', '300.1.1.1', '14:26:00', '10.0.0.1/33'],
    ]);
  });
});
