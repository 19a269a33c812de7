import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkAclEntry } from '../../../lambda/incident/evidence.ts';
import { blocksOf } from '../../../lambda/semantics/network/addresses.ts';
import { type AclVerdict, aclOf, passes } from '../../../lambda/semantics/network/network-acls.ts';
import { EPHEMERAL_PORTS, onePort, type PortRange } from '../../../lambda/semantics/network/ports.ts';
import { addressOf, HOSTS, holds, isInside, range, smallBlock, withShuffled, written } from './brute-force.ts';
import { acl, entry } from './parts.ts';

const P8080 = onePort(8080);

const into = (
  entries: readonly NetworkAclEntry[],
  ports: PortRange,
  from = '10.0.0.0/24',
  now: readonly string[] = [],
) => passes(acl('acl-1', ['subnet-t'], entries), 'ingress', { blocks: blocksOf([from]), now: blocksOf(now) }, ports);

const allow8080 = entry(100, 'in', 'allow', '0.0.0.0/0', 8080);

describe('packets that come into a subnet', () => {
  test.each<[string, Parameters<typeof into>, AclVerdict['is']]>([
    ['no rule but the final deny', [[], P8080], 'closed'],
    ['everything allowed', [[entry(100, 'in', 'allow', '0.0.0.0/0')], P8080], 'open'],
    ['the port allowed', [[allow8080], P8080], 'open'],
    ['the port allowed, going out', [[entry(100, 'out', 'allow', '0.0.0.0/0', 8080)], P8080], 'closed'],
    ['denied first, then allowed', [[entry(90, 'in', 'deny', '0.0.0.0/0'), allow8080], P8080], 'closed'],
    ['allowed first, then denied', [[entry(110, 'in', 'deny', '0.0.0.0/0'), allow8080], P8080], 'open'],
    [
      'denied first on the port below',
      [[entry(90, 'in', 'deny', '0.0.0.0/0', [8000, 8079]), allow8080], P8080],
      'open',
    ],
    ['denied first up to the port', [[entry(90, 'in', 'deny', '0.0.0.0/0', [8000, 8080]), allow8080], P8080], 'closed'],
    ['denied first for UDP', [[entry(90, 'in', 'deny', '0.0.0.0/0', 8080, '17'), allow8080], P8080], 'open'],
    ['denied first for a neighbour', [[entry(90, 'in', 'deny', '10.0.1.0/24'), allow8080], P8080], 'open'],
    ['denied first for half of them', [[entry(90, 'in', 'deny', '10.0.0.128/25'), allow8080], P8080], 'partly'],
    ['denied first for IPv6', [[entry(90, 'in', 'deny', '::/0'), allow8080], P8080], 'open'],
    ['allowed for IPv4, from IPv6', [[allow8080], P8080, '2001:db8::/64'], 'closed'],
    ['allowed for IPv6, from IPv6', [[entry(100, 'in', 'allow', '::/0')], P8080, '2001:db8::/64'], 'open'],
    [
      'answers to Linux ports only',
      [[entry(100, 'in', 'allow', '0.0.0.0/0', [32768, 65535])], EPHEMERAL_PORTS],
      'partly',
    ],
    ['answers to all ports', [[entry(100, 'in', 'allow', '0.0.0.0/0', [1024, 65535])], EPHEMERAL_PORTS], 'open'],
    [
      'answers to all ports but the first',
      [[entry(100, 'in', 'allow', '0.0.0.0/0', [1025, 65535])], EPHEMERAL_PORTS],
      'partly',
    ],
    [
      'answers to all ports but the last',
      [[entry(100, 'in', 'allow', '0.0.0.0/0', [1024, 65534])], EPHEMERAL_PORTS],
      'partly',
    ],
    ['answers to ports below 1024', [[entry(100, 'in', 'allow', '0.0.0.0/0', [0, 1023])], EPHEMERAL_PORTS], 'closed'],
    [
      'answers to all ports, in two rules',
      [
        [entry(100, 'in', 'allow', '0.0.0.0/0', [1024, 40000]), entry(110, 'in', 'allow', '0.0.0.0/0', [40001, 65535])],
        EPHEMERAL_PORTS,
      ],
      'open',
    ],
    ['an entry that cannot be read', [[entry(100, 'in', 'allow', 'somewhere')], P8080], 'unknown'],
  ])('%s: %3$s', (_, args, is) => expect(into(...args).is).toBe(is));

  test('the rule that drops them is named, with what it drops', () => {
    expect(into([entry(100, 'in', 'deny', '10.0.0.0/16', 8080)], P8080)).toEqual({
      is: 'closed',
      aclId: 'acl-1',
      direction: 'ingress',
      denied: [{ ruleNumber: 100, remote: '10.0.0.0/24', ports: P8080 }],
    });
    expect(into([], P8080)).toMatchObject({ denied: [{ ruleNumber: 32767 }] });
    expect(into([], P8080, '2001:db8::/64')).toMatchObject({ denied: [{ ruleNumber: 32768 }] });
  });

  test('an ACL that opens only 32768-65535 to a load balancer fails about half of the connections', () =>
    expect(into([entry(100, 'in', 'allow', '0.0.0.0/0', [32768, 65535])], EPHEMERAL_PORTS)).toEqual({
      is: 'partly',
      aclId: 'acl-1',
      direction: 'ingress',
      denied: [{ ruleNumber: 32767, remote: '10.0.0.0/24', ports: { from: 1024, to: 32767 } }],
      share: 31744 / 64512,
      nodes: { passing: [], denied: [] },
    }));

  test('a rule for a part of a subnet is judged by the nodes of today, where they are known', () => {
    const half = [entry(90, 'in', 'deny', '10.0.0.128/25'), allow8080];
    expect(into(half, P8080)).toMatchObject({
      is: 'partly',
      share: 0.5,
      denied: [{ ruleNumber: 90, remote: '10.0.0.128/25' }],
    });
    expect(into(half, P8080, '10.0.0.0/24', ['10.0.0.4', '10.0.0.99'])).toMatchObject({
      is: 'open',
      how: 'only-current-nodes',
    });
    expect(into(half, P8080, '10.0.0.0/24', ['10.0.0.4', '10.0.0.200'])).toMatchObject({
      is: 'partly',
      nodes: { passing: ['10.0.0.4/32'], denied: ['10.0.0.200/32'] },
    });
  });
});

test('a subnet has the one ACL that names it', () => {
  const acls = [acl('acl-1', ['subnet-a', 'subnet-b'], []), acl('acl-2', ['subnet-t'], [])];
  expect(aclOf('subnet-t', acls)?.id).toBe('acl-2');
  expect(aclOf('subnet-x', acls)).toBeUndefined();
});

test('against every address and port of a small network: the lowest matching number decides, in whatever order they come', () => {
  const someEntries = fc
    .array(
      fc.record({
        block: smallBlock,
        ports: range(0, 9),
        allows: fc.boolean(),
        isIngress: fc.boolean(),
        isTcp: fc.boolean(),
      }),
      { maxLength: 6 },
    )
    .map((entries) => entries.map((one, index) => ({ ...one, number: 10 + index })));
  const real = (
    entries: readonly {
      block: { first: number; size: number };
      ports: PortRange;
      allows: boolean;
      isIngress: boolean;
      isTcp: boolean;
      number: number;
    }[],
  ) =>
    acl(
      'acl-1',
      [],
      entries.map(({ number, isIngress, allows, block, ports, isTcp }) =>
        entry(
          number,
          isIngress ? 'in' : 'out',
          allows ? 'allow' : 'deny',
          written(block),
          [ports.from, ports.to],
          isTcp ? '6' : '17',
        ),
      ),
    );

  fc.assert(
    fc.property(withShuffled(someEntries), smallBlock, range(0, 9), ([entries, shuffled], whole, ports) => {
      const decides = (host: number, port: number) =>
        entries.find(
          (one) =>
            one.isIngress && one.isTcp && one.ports.from <= port && port <= one.ports.to && holds(one.block, host),
        );
      const hosts = HOSTS.filter((host) => holds(whole, host));
      const asked = Array.from({ length: ports.to - ports.from + 1 }, (_, index) => ports.from + index).flatMap(
        (port) => hosts.map((host) => ({ host, port, by: decides(host, port) })),
      );
      const dropped = asked.filter(({ by }) => by?.allows !== true);
      const remote = { blocks: blocksOf([written(whole)]), now: [] };
      const verdict = passes(real(entries), 'ingress', remote, ports);

      expect(verdict.is).toBe(dropped.length === 0 ? 'open' : dropped.length === asked.length ? 'closed' : 'partly');
      expect(passes(real(shuffled), 'ingress', remote, ports)).toEqual(verdict);
      if (verdict.is === 'partly') expect(verdict.share).toBeCloseTo(dropped.length / asked.length, 10);
      if (verdict.is !== 'partly' && verdict.is !== 'closed') return;
      for (const { host, port, by } of asked) {
        const named = verdict.denied.filter(
          (one) => isInside(addressOf(host), one.remote) && one.ports.from <= port && port <= one.ports.to,
        );
        expect(named.map(({ ruleNumber }) => ruleNumber)).toEqual(by?.allows === true ? [] : [by?.number ?? 32767]);
      }
    }),
  );
});
