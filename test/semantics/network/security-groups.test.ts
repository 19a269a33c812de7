import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SecurityGroup } from '../../../lambda/incident/evidence.ts';
import {
  type Admission,
  admits,
  interfaceGroupsOf,
  type Peer,
} from '../../../lambda/semantics/network/security-groups.ts';
import { addressOf, HOSTS, holds, isInside, range, smallBlock, withShuffled, written } from './brute-force.ts';
import { group, peer, rule } from './parts.ts';

const SUBNETS = peer(['10.0.0.0/24'], ['sg-alb']);
const HIDDEN: Peer = { ...SUBNETS, groups: { notSeen: { kind: 'instance', id: 'i-1' } } };
const V6 = peer(['2001:db8::/64'], ['sg-alb']);
const LISTS = new Map([
  ['pl-whole', ['10.9.0.0/16', '10.0.0.0/16']],
  ['pl-part', ['10.0.0.0/25']],
]);

const admitted = (ingress: SecurityGroup['ingress'], from: Peer = SUBNETS, ids: readonly string[] = ['sg-app']) =>
  admits(interfaceGroupsOf(ids, [group('sg-app', { ingress })]), 'ingress', from, 8080, LISTS);

describe('the groups of a target allow inbound traffic from the load balancer on 8080', () => {
  test.each<[string, Parameters<typeof admitted>, Admission['is']]>([
    ['no rule at all', [[]], 'closed'],
    ['its group is named', [[rule(8080, { groups: ['sg-alb'] })]], 'open'],
    ['another group is named, which it does not carry', [[rule(8080, { groups: ['sg-web'] })]], 'closed'],
    ['the group itself is named, and the load balancer is not in it', [[rule(8080, { groups: ['sg-app'] })]], 'closed'],
    [
      'the group itself is named, and the load balancer shares it',
      [[rule(8080, { groups: ['sg-app'] })], peer(['10.0.0.0/24'], ['sg-app'])],
      'open',
    ],
    ['they share a group without a rule for itself', [[], peer(['10.0.0.0/24'], ['sg-app'])], 'closed'],
    ['8080 is the last port of the range', [[rule([8000, 8080], { groups: ['sg-alb'] })]], 'open'],
    ['8080 is one above the range', [[rule([8000, 8079], { groups: ['sg-alb'] })]], 'closed'],
    ['8080 is the first port of the range', [[rule([8080, 9000], { groups: ['sg-alb'] })]], 'open'],
    ['8080 is one below the range', [[rule([8081, 9000], { groups: ['sg-alb'] })]], 'closed'],
    ['every protocol, whose ports are absent', [[rule('all', { groups: ['sg-alb'] }, '-1')]], 'open'],
    ['TCP by its number', [[rule(8080, { groups: ['sg-alb'] }, '6')]], 'open'],
    ['TCP without ports', [[rule('all', { groups: ['sg-alb'] })]], 'open'],
    ['UDP', [[rule(8080, { groups: ['sg-alb'] }, 'udp')]], 'closed'],
    ['its whole subnet', [[rule(8080, { cidrs: ['10.0.0.0/24'] })]], 'open'],
    [
      'its subnet in two halves',
      [[rule(8080, { cidrs: ['10.0.0.0/25'] }), rule(8080, { cidrs: ['10.0.0.128/25'] })]],
      'open',
    ],
    ['half of its subnet', [[rule(8080, { cidrs: ['10.0.0.0/25'] })]], 'partly'],
    [
      'the other half on the wrong port',
      [[rule(8080, { cidrs: ['10.0.0.0/25'] }), rule(80, { cidrs: ['10.0.0.128/25'] })]],
      'partly',
    ],
    ['the subnet next door', [[rule(8080, { cidrs: ['10.0.1.0/24'] })]], 'closed'],
    ['every IPv4 address', [[rule(8080, { cidrs: ['0.0.0.0/0'] })]], 'open'],
    ['every IPv6 address, it speaks IPv4', [[rule(8080, { cidrs: ['::/0'] })]], 'closed'],
    ['every IPv6 address, it speaks IPv6', [[rule(8080, { cidrs: ['::/0'] })], V6], 'open'],
    ['every IPv4 address, it speaks IPv6', [[rule(8080, { cidrs: ['0.0.0.0/0'] })], V6], 'closed'],
    ['a prefix list with its subnet', [[rule(8080, { lists: ['pl-whole'] })]], 'open'],
    ['a prefix list with a part of it', [[rule(8080, { lists: ['pl-part'] })]], 'partly'],
    ['a prefix list that was not seen', [[rule(8080, { lists: ['pl-gone'] })]], 'unknown'],
    ['a prefix list that was not seen, on another port', [[rule(80, { lists: ['pl-gone'] })]], 'closed'],
    [
      'a prefix list that was not seen, beside its group',
      [[rule(8080, { lists: ['pl-gone'], groups: ['sg-alb'] })]],
      'open',
    ],
    [
      'a part, and a prefix list that was not seen',
      [[rule(8080, { cidrs: ['10.0.0.0/25'], lists: ['pl-gone'] })]],
      'unknown',
    ],
    [
      'a group of another account, which it does not carry',
      [[rule(8080, { groups: [{ groupId: 'sg-theirs', ownerId: '999988887777' }] })]],
      'closed',
    ],
    [
      'a group of another account, and its own were not seen',
      [[rule(8080, { groups: [{ groupId: 'sg-theirs', ownerId: '999988887777' }] })], HIDDEN],
      'unknown',
    ],
    ['a group that is gone: a stale reference', [[rule(8080, { groups: ['sg-deleted'] })]], 'closed'],
    [
      'a group of another account, which it carries',
      [
        [rule(8080, { groups: [{ groupId: 'sg-theirs', ownerId: '999988887777' }] })],
        peer(['10.0.0.0/24'], ['sg-theirs']),
      ],
      'open',
    ],
    ['a group, and its own were not seen', [[rule(8080, { groups: ['sg-alb'] })], HIDDEN], 'unknown'],
    ['its subnet, and its own groups were not seen', [[rule(8080, { cidrs: ['10.0.0.0/8'] })], HIDDEN], 'open'],
    ['nothing, and another group of the target was not seen', [[], SUBNETS, ['sg-app', 'sg-gone']], 'unknown'],
    [
      'its group, and another group of the target was not seen',
      [[rule(8080, { groups: ['sg-alb'] })], SUBNETS, ['sg-app', 'sg-gone']],
      'open',
    ],
  ])('%s: %3$s', (_, args, is) => expect(admitted(...args).is).toBe(is));

  test('the addresses of its nodes of today: open for them, not for those to come', () => {
    const rules = [rule(8080, { cidrs: ['10.0.0.4/32', '10.0.0.9/32'] })];
    const nodes = (now: string[]) => admitted(rules, peer(['10.0.0.0/24'], ['sg-alb'], now));
    expect(nodes(['10.0.0.4', '10.0.0.9'])).toMatchObject({ is: 'open', how: 'only-current-nodes' });
    expect(nodes(['10.0.0.4', '10.0.0.10'])).toMatchObject({
      is: 'partly',
      nodes: { admitted: ['10.0.0.4/32'], refused: ['10.0.0.10/32'] },
    });
    expect(nodes([])).toMatchObject({ is: 'partly', nodes: { admitted: [], refused: [] } });
  });

  test('any group of the interface is enough', () => {
    const groups = [
      group('sg-ssh', { ingress: [rule(22, { groups: ['sg-alb'] })] }),
      group('sg-app', { ingress: [rule(8080, { groups: ['sg-alb'] })] }),
    ];
    const one = admits(interfaceGroupsOf(['sg-ssh', 'sg-app'], groups), 'ingress', SUBNETS, 8080, LISTS);
    expect(one).toMatchObject({
      is: 'open',
      by: [{ groupId: 'sg-app', through: { by: 'security-group', id: 'sg-alb' } }],
    });
    expect(admits(interfaceGroupsOf(['sg-ssh'], groups), 'ingress', SUBNETS, 8080, LISTS).is).toBe('closed');
  });

  test('what it does admit, and what is missing, is said of every group', () => {
    const groups = [
      group('sg-b', { ingress: [rule(22, { cidrs: ['0.0.0.0/0'] }), rule(443, { groups: ['sg-alb'] })] }),
      group('sg-a', { name: 'app', ingress: [rule(8080, { groups: ['sg-web'], cidrs: ['192.168.0.0/16'] })] }),
    ];
    expect(admits(interfaceGroupsOf(['sg-b', 'sg-a'], groups), 'ingress', SUBNETS, 8080, LISTS)).toEqual({
      is: 'closed',
      direction: 'ingress',
      port: 8080,
      groups: [
        {
          id: 'sg-a',
          name: 'app',
          ports: [{ from: 8080, to: 8080 }],
          portsForPeer: [],
          peersOnPort: ['192.168.0.0/16', 'sg-web'],
        },
        {
          id: 'sg-b',
          name: 'sg-b',
          ports: [
            { from: 22, to: 22 },
            { from: 443, to: 443 },
          ],
          portsForPeer: [
            { from: 22, to: 22 },
            { from: 443, to: 443 },
          ],
          peersOnPort: [],
        },
      ],
      missing: { groupIds: ['sg-alb'], cidrs: ['10.0.0.0/24'] },
    });
  });

  test('what could not be seen is named', () =>
    expect(admitted([rule(8080, { lists: ['pl-gone'] })], SUBNETS, ['sg-app', 'sg-gone'])).toEqual({
      is: 'unknown',
      notSeen: [
        { kind: 'security-group', id: 'sg-gone' },
        { kind: 'prefix-list', id: 'pl-gone' },
      ],
    }));
});

test.each<[string, SecurityGroup['egress'], Admission['is']]>([
  ['as AWS makes it: everything', group('sg-alb').egress, 'open'],
  ['nothing, an empty list', [], 'closed'],
  ['the listener port only', [rule(443, { cidrs: ['0.0.0.0/0'] })], 'closed'],
  ["the target's group", [rule(8080, { groups: ['sg-app'] })], 'open'],
  ["the target's address", [rule(8080, { cidrs: ['10.0.10.5/32'] })], 'open'],
])('the load balancer lets out %s', (_, egress, is) => {
  const groups = interfaceGroupsOf(
    ['sg-alb'],
    [group('sg-alb', { egress, ingress: [rule('all', { cidrs: ['0.0.0.0/0'] }, '-1')] })],
  );
  expect(admits(groups, 'egress', peer(['10.0.10.5'], ['sg-app']), 8080, LISTS).is).toBe(is);
});

describe('against every address of a small network', () => {
  const IDS = ['sg-1', 'sg-2', 'sg-3'];
  const someRules = fc.array(
    fc.record({
      ports: range(1, 4),
      blocks: fc.array(smallBlock, { maxLength: 2 }),
      groups: fc.subarray(IDS, { maxLength: 1 }),
      isTcp: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
    { maxLength: 4 },
  );
  type SmallRule = typeof someRules extends fc.Arbitrary<readonly (infer R)[]> ? R : never;
  const someGroups = fc.uniqueArray(
    fc.record({ id: fc.constantFrom(...IDS), rules: withShuffled<SmallRule>(someRules) }),
    {
      selector: ({ id }) => id,
      minLength: 1,
    },
  );
  const real = (rules: readonly SmallRule[]) =>
    rules.map(({ ports, blocks, groups, isTcp }) =>
      rule([ports.from, ports.to], { cidrs: blocks.map(written), groups: [...groups] }, isTcp ? 'tcp' : 'udp'),
    );

  test('open, partly and closed are all, some and none of the addresses, in whatever order rules and groups come', () =>
    fc.assert(
      fc.property(
        withShuffled(someGroups),
        smallBlock,
        fc.subarray(IDS),
        fc.integer({ min: 1, max: 4 }),
        ([groups, shuffled], whole, carried, port) => {
          const all = groups.flatMap(({ rules }) => rules[0]);
          const passes = (host: number) =>
            all.some(
              (one) =>
                one.isTcp &&
                one.ports.from <= port &&
                port <= one.ports.to &&
                (one.groups.some((id) => carried.includes(id)) || one.blocks.some((block) => holds(block, host))),
            );
          const hosts = HOSTS.filter((host) => holds(whole, host));
          const passing = hosts.filter(passes);

          const seen = (list: typeof groups, order: 0 | 1) =>
            list.map(({ id, rules }) => group(id, { ingress: real(rules[order]) }));
          const from = peer([written(whole)], carried);
          const verdict = admits({ seen: seen(groups, 0), notSeen: [] }, 'ingress', from, port, new Map());

          expect(verdict.is).toBe(
            passing.length === 0 ? 'closed' : passing.length === hosts.length ? 'open' : 'partly',
          );
          expect(admits({ seen: seen(shuffled, 1), notSeen: [] }, 'ingress', from, port, new Map())).toEqual(verdict);
          if (verdict.is !== 'partly') return;
          for (const host of hosts) {
            expect(verdict.refused.some((cidr) => isInside(addressOf(host), cidr))).toBe(!passes(host));
          }
        },
      ),
    ));

  test('a group that is not seen never closes the port, and never hides that it is open', () =>
    fc.assert(
      fc.property(someGroups, smallBlock, fc.subarray(IDS), fc.subarray(IDS), (groups, whole, carried, hidden) => {
        const all = groups.map(({ id, rules }) => group(id, { ingress: real(rules[0]) }));
        const ids = all.map(({ id }) => id);
        const ask = (seen: readonly SecurityGroup[]) =>
          admits(interfaceGroupsOf(ids, seen), 'ingress', peer([written(whole)], carried), 2, new Map()).is;
        const whenHidden = ask(all.filter(({ id }) => !hidden.includes(id)));
        const whenSeen = ask(all);
        expect(whenHidden === whenSeen || whenHidden === 'unknown').toBe(true);
        if (hidden.some((id) => ids.includes(id))) expect(['open', 'unknown']).toContain(whenHidden);
      }),
    ));
});
