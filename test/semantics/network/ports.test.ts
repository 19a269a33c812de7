import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coversPorts,
  type PortRange,
  portSlices,
  portUnion,
  tcpPorts,
} from '../../../lambda/semantics/network/ports.ts';
import { range, withShuffled } from './brute-force.ts';

const PORTS = Array.from({ length: 24 }, (_, port) => port);
const someRanges = fc.array(range(0, 23), { maxLength: 5 });
const within = (ranges: readonly PortRange[]) =>
  PORTS.filter((port) => ranges.some(({ from, to }) => from <= port && port <= to));

describe('port ranges, against sets of ports', () => {
  test('the union holds the ports of all, sorted, with a gap between any two', () =>
    fc.assert(
      fc.property(withShuffled(someRanges), ([ranges, shuffled]) => {
        const joined = portUnion(ranges);
        expect(within(joined)).toEqual(within(ranges));
        expect(portUnion(shuffled)).toEqual(joined);
        joined.slice(1).forEach((one, index) => {
          expect(one.from).toBeGreaterThan((joined[index]?.to ?? 0) + 1);
        });
      }),
    ));

  test('a slice lies wholly in or out of every range, and the slices are the whole', () =>
    fc.assert(
      fc.property(range(0, 23), someRanges, (whole, ranges) => {
        const cut = portSlices(whole, ranges);
        expect(cut.flatMap((slice) => within([slice]))).toEqual(within([whole]));
        for (const slice of cut) {
          for (const one of ranges) {
            const common = within([slice]).filter((port) => within([one]).includes(port)).length;
            expect([0, within([slice]).length]).toContain(common);
          }
        }
      }),
    ));

  test('one range covers another where it holds all of its ports', () =>
    fc.assert(
      fc.property(range(0, 23), range(0, 23), (outer, inner) => {
        expect(coversPorts(outer, inner)).toBe(within([inner]).every((port) => within([outer]).includes(port)));
      }),
    ));
});

test.each([
  ['tcp', 443, 443, { from: 443, to: 443 }],
  ['6', 8080, 8090, { from: 8080, to: 8090 }],
  ['TCP', 1, 2, { from: 1, to: 2 }],
  ['tcp', null, null, { from: 0, to: 65535 }],
  ['-1', null, null, { from: 0, to: 65535 }],
  ['-1', -1, -1, { from: 0, to: 65535 }],
  ['-1', 443, 443, { from: 0, to: 65535 }],
  ['udp', 443, 443, undefined],
  ['17', 443, 443, undefined],
  ['icmp', -1, -1, undefined],
  ['58', null, null, undefined],
])('protocol %s, ports %s to %s, speaks of TCP %o', (protocol, fromPort, toPort, ports) =>
  expect(tcpPorts({ protocol, fromPort, toPort })).toEqual(ports),
);
