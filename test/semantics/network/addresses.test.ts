import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  blockOf,
  blocksOf,
  cidrOf,
  coversBlock,
  dealOut,
  familyOf,
  isPrivate,
  remainder,
} from '../../../lambda/semantics/network/addresses.ts';
import { addressOf, HOSTS, holds, isInside, smallBlock, written } from './brute-force.ts';

test.each([
  ['10.0.0.0', '10.0.0.0/24', true],
  ['10.0.0.255', '10.0.0.0/24', true],
  ['10.0.1.0', '10.0.0.0/24', false],
  ['9.255.255.255', '10.0.0.0/24', false],
  ['10.0.0.7', '10.0.0.7/32', true],
  ['10.0.0.8', '10.0.0.7/32', false],
  ['200.1.2.3', '0.0.0.0/0', true],
  ['10.0.0.9', '10.0.0.77/24', true],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['2001:db8::1', '::/0', true],
  ['10.0.0.1', '::/0', false],
  ['2001:db8::1', '0.0.0.0/0', false],
  ['::ffff:10.0.0.1', '10.0.0.0/24', true],
  ['10.0.0.1', '::ffff:10.0.0.0/120', true],
  ['::ffff:10.0.0.1', '::/0', false],
  ['i-0123456789abcdef0', '10.0.0.0/24', false],
  ['10.0.0.1', 'pl-12345678', false],
])('%s inside %s: %s', (address, cidr, inside) => expect(isInside(address, cidr)).toBe(inside));

test.each([
  ['10.0.0.7', 'ipv4', '10.0.0.7/32'],
  ['10.0.0.77/24', 'ipv4', '10.0.0.0/24'],
  ['10.0.0.0/255', undefined, undefined],
  ['::ffff:10.0.0.7', 'ipv4', '10.0.0.7/32'],
  ['2001:db8:0:0:0:0:0:7/64', 'ipv6', '2001:db8::/64'],
  ['i-0123456789abcdef0', undefined, undefined],
  ['arn:aws:lambda:eu-west-1:111122223333:function:f', undefined, undefined],
])('%s is of family %s and written %s', (address, family, cidr) => {
  const block = blockOf(address);
  expect(familyOf(address)).toBe(family);
  expect(block && cidrOf(block)).toBe(cidr);
});

test.each([
  ['10.1.2.3', true],
  ['172.31.255.255', true],
  ['172.32.0.0', false],
  ['100.64.0.1', true],
  ['8.8.8.8', false],
  ['fd00::1', true],
  ['2001:4860::1', false],
])('%s is an address of a private network: %s', (address, answer) =>
  expect(blocksOf([address]).map(isPrivate)).toEqual([answer]),
);

test('an address cut out of a subnet leaves the blocks around it', () => {
  expect(remainder(blocksOf(['10.0.0.0/29']), blocksOf(['10.0.0.2'])).map(cidrOf)).toEqual([
    '10.0.0.4/30',
    '10.0.0.0/31',
    '10.0.0.3/32',
  ]);
  expect(remainder(blocksOf(['2001:db8::/127']), blocksOf(['2001:db8::1'])).map(cidrOf)).toEqual(['2001:db8::/128']);
});

test('a block covers another where it holds all of its addresses', () =>
  fc.assert(
    fc.property(smallBlock, smallBlock, (outer, inner) => {
      const [one, other] = blocksOf([written(outer), written(inner)]);
      const all = HOSTS.filter((host) => holds(inner, host)).every((host) => holds(outer, host));
      expect(one && other && coversBlock(one, other)).toBe(all);
    }),
  ));

test('each address is dealt once, to the first entry that holds it', () =>
  fc.assert(
    fc.property(smallBlock, fc.array(smallBlock, { maxLength: 6 }), (whole, entries) => {
      const parts = dealOut(
        blocksOf([written(whole)]),
        entries.map(written).flatMap((cidr, index) => blocksOf([cidr]).map((block) => ({ block, index }))),
      );
      for (const host of HOSTS) {
        const fell = parts.filter(({ block }) => isInside(addressOf(host), cidrOf(block)));
        expect(fell).toHaveLength(holds(whole, host) ? 1 : 0);
        const first = entries.findIndex((entry) => holds(entry, host));
        for (const { to } of fell) expect(to?.index ?? -1).toBe(first);
      }
    }),
  ));
