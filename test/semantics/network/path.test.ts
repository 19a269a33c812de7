import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkAclEntry, SecurityGroupRule } from '../../../lambda/incident/evidence.ts';
import type { Network } from '../../../lambda/semantics/network/network.ts';
import { type Path, pathsIn } from '../../../lambda/semantics/network/path.ts';
import type { TargetEndpoint } from '../../../lambda/semantics/network/target-endpoint.ts';
import {
  acl,
  aNetwork,
  anEnd,
  blackhole,
  entry,
  group,
  LOAD_BALANCER,
  openAcl,
  route,
  rule,
  subnet,
  table,
} from './parts.ts';

const path = (ill: Partial<Network> = {}, end: Partial<TargetEndpoint> = {}, port = 8080, crossZone = true): Path =>
  pathsIn(aNetwork(ill))(anEnd(end), port, crossZone);

const ways = ['in', 'out'] as const;
const openIn = [entry(100, 'in', 'allow', '0.0.0.0/0')];
const openOut = [entry(100, 'out', 'allow', '0.0.0.0/0')];
const acls = (alb: readonly NetworkAclEntry[], app: readonly NetworkAclEntry[]) => [
  acl('acl-alb', ['subnet-a', 'subnet-b'], alb),
  acl('acl-app', ['subnet-t'], app),
];
const both = [...openIn, ...openOut];
const app = (...ingress: SecurityGroupRule[]) => [group('sg-alb'), group('sg-app', { ingress })];
const v6: Partial<TargetEndpoint> = { address: '2001:db8:0:10::5', family: 'ipv6' };
const OUTSIDE: Partial<TargetEndpoint> = {
  itself: { kind: 'interface', id: '192.168.1.1' },
  address: '192.168.1.1',
  subnetId: null,
  zone: 'all',
  securityGroupIds: null,
  outsideVpc: true,
};
const UNSEEN: Partial<TargetEndpoint> = { address: null, subnetId: null, securityGroupIds: null };

describe('the path to a target', () => {
  test.each<[string, Parameters<typeof path>, Path['is'], string[]]>([
    ['everything as it should be', [], 'open', []],
    ['on a port that nothing opens', [{}, {}, 9000], 'blocked', ['target-security-groups']],
    [
      'the load balancer lets nothing out',
      [
        {
          securityGroups: [
            group('sg-alb', { egress: [] }),
            group('sg-app', { ingress: [rule(8080, { groups: ['sg-alb'] })] }),
          ],
        },
      ],
      'blocked',
      ['load-balancer-security-groups'],
    ],
    [
      'only one of its subnets is admitted',
      [{ securityGroups: app(rule(8080, { cidrs: ['10.0.0.0/24'] })) }],
      'partly-blocked',
      ['target-security-groups'],
    ],
    ['1: its ACL drops the request', [{ networkAcls: acls(openIn, both) }], 'blocked', ['network-acls']],
    ["2: the target's ACL drops the request", [{ networkAcls: acls(both, openOut) }], 'blocked', ['network-acls']],
    ["3: the target's ACL drops the answer", [{ networkAcls: acls(both, openIn) }], 'blocked', ['network-acls']],
    ['4: its ACL drops the answer', [{ networkAcls: acls(openOut, both) }], 'blocked', ['network-acls']],
    [
      'the answers pass to 32768-65535 only',
      [{ networkAcls: acls(both, [...openIn, entry(100, 'out', 'allow', '0.0.0.0/0', [32768, 65535])]) }],
      'partly-blocked',
      ['network-acls'],
    ],
    [
      'an ACL denies one of its subnets',
      [{ networkAcls: acls(both, [...both, entry(50, 'in', 'deny', '10.0.1.0/24')]) }],
      'partly-blocked',
      ['network-acls'],
    ],
    [
      'an ACL denies a neighbour of the target',
      [{ networkAcls: acls([...both, entry(50, 'out', 'deny', '10.0.10.6/32')], both) }],
      'open',
      [],
    ],
    [
      'an ACL denies the target itself',
      [{ networkAcls: acls([...both, entry(50, 'out', 'deny', '10.0.10.5/32')], both) }],
      'blocked',
      ['network-acls'],
    ],
    [
      'all of it at once',
      [
        {
          securityGroups: [group('sg-alb', { egress: [] }), group('sg-app')],
          networkAcls: acls([], []),
          routeTables: [table('rtb-main', [blackhole(route('10.0.10.0/24', 'network-interface'))])],
        },
      ],
      'blocked',
      [
        'load-balancer-security-groups',
        'network-acls',
        'network-acls',
        'network-acls',
        'network-acls',
        'network-acls',
        'network-acls',
        'network-acls',
        'network-acls',
        'routes',
        'routes',
        'target-security-groups',
      ],
    ],
    [
      'IPv6, which only IPv4 rules admit',
      [
        {
          securityGroups: [
            group('sg-alb', { egress: [rule(8080, { cidrs: ['::/0'] })] }),
            group('sg-app', { ingress: [rule(8080, { cidrs: ['0.0.0.0/0'] })] }),
          ],
        },
        v6,
      ],
      'blocked',
      ['target-security-groups'],
    ],
    [
      'IPv6, which its subnets admit',
      [
        {
          securityGroups: [
            group('sg-alb', { egress: [rule(8080, { cidrs: ['::/0'] })] }),
            group('sg-app', { ingress: [rule(8080, { cidrs: ['2001:db8::/56'] })] }),
          ],
        },
        v6,
      ],
      'open',
      [],
    ],
    [
      'a more specific route leads nowhere',
      [{ routeTables: [table('rtb-main', [blackhole(route('10.0.10.0/24', 'network-interface'))])] }],
      'blocked',
      ['routes', 'routes'],
    ],
  ])('%s: %3$s', (_, args, is, layers) => {
    const one = path(...args);
    expect(one.is).toBe(is);
    const distinct = new Set(layers);
    expect(new Set(one.blockers.map(({ layer }) => layer))).toEqual(distinct);
    expect(one.notSeen).toEqual([]);
  });

  test.each<[string, Parameters<typeof path>, Path['is'], Path['notSeen']]>([
    [
      'no ACL was seen',
      [{ networkAcls: undefined }],
      'unknown',
      [
        { kind: 'network-acl', id: 'subnet-a' },
        { kind: 'network-acl', id: 'subnet-t' },
        { kind: 'network-acl', id: 'subnet-b' },
      ],
    ],
    [
      'no ACL was seen, and the port is closed',
      [{ networkAcls: undefined, securityGroups: app() }],
      'blocked',
      [
        { kind: 'network-acl', id: 'subnet-a' },
        { kind: 'network-acl', id: 'subnet-t' },
        { kind: 'network-acl', id: 'subnet-b' },
      ],
    ],
    [
      'no security group was seen',
      [{ securityGroups: undefined }],
      'unknown',
      [
        { kind: 'security-group', id: 'sg-alb' },
        { kind: 'security-group', id: 'sg-app' },
      ],
    ],
    ['no route table was seen, which inside a VPC is no matter', [{ routeTables: undefined }], 'open', []],
    ['no subnet was seen, and no rule needs to know', [{ subnets: undefined }], 'open', []],
    [
      'no subnet was seen, and a rule names a part of the addresses',
      [{ subnets: undefined, securityGroups: app(rule(8080, { cidrs: ['10.0.0.0/24'] })) }],
      'unknown',
      [
        { kind: 'subnet', id: 'subnet-a' },
        { kind: 'subnet', id: 'subnet-b' },
      ],
    ],
    ['the instance was not seen', [{}, UNSEEN], 'unknown', [{ kind: 'instance', id: 'i-1' }]],
    [
      'the interface of an address was not seen',
      [{}, { itself: { kind: 'interface', id: '10.0.10.5' }, securityGroupIds: null }],
      'unknown',
      [{ kind: 'interface', id: '10.0.10.5' }],
    ],
    [
      'a load balancer without groups, and no default group',
      [{ loadBalancer: { ...LOAD_BALANCER, securityGroupIds: [] } }],
      'unknown',
      [{ kind: 'security-group', id: 'default' }],
    ],
    [
      'outside the VPC, with a route',
      [{ routeTables: [table('rtb-main', [route('192.168.0.0/16', 'peering')])] }, OUTSIDE],
      'unknown',
      [{ kind: 'interface', id: '192.168.1.1' }],
    ],
    ['outside the VPC, without a route', [{}, OUTSIDE], 'blocked', [{ kind: 'interface', id: '192.168.1.1' }]],
    [
      'outside the VPC, and no table was seen',
      [{ routeTables: undefined }, OUTSIDE],
      'unknown',
      [
        { kind: 'interface', id: '192.168.1.1' },
        { kind: 'route-table', id: 'subnet-a' },
        { kind: 'route-table', id: 'subnet-b' },
      ],
    ],
    [
      'a firewall between the subnets, and rules that name groups',
      [{ routeTables: [table('rtb-main', [route('10.0.10.0/24', 'gateway', 'vpce-1')])] }],
      'unknown',
      [{ kind: 'interface', id: 'vpce-1' }],
    ],
    [
      'a firewall before the other half of the subnet',
      [{ routeTables: [table('rtb-main', [route('10.0.10.128/25', 'gateway', 'vpce-1')])] }],
      'open',
      [],
    ],
    [
      'an ACL that cuts a part, and the groups of the target were not seen',
      [{ networkAcls: acls(both, [...both, entry(50, 'in', 'deny', '10.0.1.0/25')]) }, { securityGroupIds: null }],
      'partly-blocked',
      [{ kind: 'instance', id: 'i-1' }],
    ],
    [
      'a firewall between the subnets, and rules that name addresses',
      [
        {
          routeTables: [table('rtb-main', [route('10.0.10.0/24', 'gateway', 'vpce-1')])],
          securityGroups: app(rule(8080, { cidrs: ['10.0.0.0/16'] })),
        },
      ],
      'open',
      [],
    ],
  ])('%s: %3$s', (_, args, is, notSeen) => {
    const one = path(...args);
    expect(one.is).toBe(is);
    expect(one.notSeen).toEqual(notSeen);
  });

  test('each layer has its own verdict: an unseen one does not blur the others', () =>
    expect(path({ networkAcls: undefined, securityGroups: app() }).layers).toEqual({
      'load-balancer-security-groups': 'open',
      'target-security-groups': 'blocked',
      'network-acls': 'unknown',
      routes: 'open',
    }));

  test('a default group serves a load balancer that names none', () => {
    const own = group('sg-default', { name: 'default', egress: [] });
    const one = path({
      loadBalancer: { ...LOAD_BALANCER, securityGroupIds: [] },
      securityGroups: [own, ...app(rule(8080, { groups: ['sg-default'] }))],
    });
    expect(one.layers).toMatchObject({ 'load-balancer-security-groups': 'blocked', 'target-security-groups': 'open' });
  });

  test('inside one subnet no ACL is asked', () => {
    const same: Partial<TargetEndpoint> = { address: '10.0.0.77', subnetId: 'subnet-a' };
    const closed = { networkAcls: acls([], []) };
    expect(path(closed, same, 8080, false)).toMatchObject({
      is: 'open',
      pairs: [{ from: 'subnet-a', to: 'subnet-a' }],
    });
    expect(path(closed, same).is).toBe('partly-blocked');
  });

  test('where nobody can say whether it is one subnet, an ACL blocks nothing', () =>
    expect(path({ networkAcls: acls([], []) }, UNSEEN)).toMatchObject({ is: 'unknown', blockers: [] }));

  test('with cross-zone off, only pairs in one zone count', () => {
    const ill = { networkAcls: acls(both, [...both, entry(50, 'in', 'deny', '10.0.1.0/24')]) };
    expect(path(ill, {}, 8080, false)).toMatchObject({ is: 'open', pairs: [{ from: 'subnet-a', to: 'subnet-t' }] });
    expect(path(ill, { zone: 'eu-west-1b' }, 8080, false)).toMatchObject({
      is: 'blocked',
      pairs: [{ from: 'subnet-b' }],
    });
    expect(path(ill, { zone: null }, 8080, false)).toMatchObject({
      is: 'unknown',
      pairs: [],
      notSeen: [{ kind: 'instance', id: 'i-1' }],
    });
    expect(path({}, OUTSIDE, 8080, false).pairs).toHaveLength(2);
  });

  test('a blocker names group or ACL, rule, direction, and all pairs it stands on', () => {
    const pairs = [
      { from: 'subnet-a', to: 'subnet-t' },
      { from: 'subnet-b', to: 'subnet-t' },
    ];
    expect(
      path({ networkAcls: acls([...both, entry(50, 'out', 'deny', '10.0.10.0/24', 8080)], both) }).blockers,
    ).toEqual(
      pairs.map((pair) => ({
        layer: 'network-acls',
        at: 'load-balancer',
        direction: 'egress',
        ports: { from: 8080, to: 8080 },
        state: 'blocked',
        verdict: {
          is: 'closed',
          aclId: 'acl-alb',
          direction: 'egress',
          denied: [{ ruleNumber: 50, remote: '10.0.10.0/24', ports: { from: 8080, to: 8080 } }],
        },
        pairs: [pair],
      })),
    );
    const egress = {
      securityGroups: [
        group('sg-alb', { egress: [] }),
        group('sg-app', { ingress: [rule(8080, { groups: ['sg-alb'] })] }),
      ],
    };
    expect(path(egress).blockers).toMatchObject([{ layer: 'load-balancer-security-groups', pairs }]);
  });

  test('open for the nodes of today only', () => {
    const node = (subnetId: string, address: string) => ({
      id: `eni-${address}`,
      description: 'ELB app/web/50dc6c495c0c9188',
      subnetId,
      vpcId: 'vpc-1',
      zone: null,
      addresses: [address],
      prefixes: [],
      securityGroupIds: ['sg-alb'],
      instanceId: null,
      tags: {},
    });
    const securityGroups = app(rule(8080, { cidrs: ['10.0.0.4/32', '10.0.1.4/32'] }));
    const nodes = [node('subnet-a', '10.0.0.4'), node('subnet-b', '10.0.1.4')];
    expect(path({ securityGroups, loadBalancerInterfaces: nodes })).toMatchObject({
      is: 'open',
      onlyCurrentNodes: true,
    });
    expect(path({ securityGroups }).is).toBe('partly-blocked');
    expect(path()).toMatchObject({ is: 'open', onlyCurrentNodes: false });
  });
});

test('against single packets: open lets every connection through, blocked none, and either end of every port range counts', () => {
  const PORTS = [1024, 8080, 8081, 32767, 32768, 65535];
  const NODES = [
    { subnetId: 'subnet-a', address: '10.0.0.5', block: '10.0.0.0/24' },
    { subnetId: 'subnet-b', address: '10.0.1.5', block: '10.0.1.0/24' },
  ];
  const TARGET = { address: '10.0.10.5', block: '10.0.10.0/24' };
  const cidr = fc.constantFrom(
    '0.0.0.0/0',
    ...NODES.map(({ block }) => block),
    TARGET.block,
    '10.0.10.6/32',
    '10.0.10.5/32',
    '::/0',
  );
  const ports = fc.constantFrom<readonly [number, number]>(
    [0, 65535],
    [8080, 8080],
    [1024, 32767],
    [32768, 65535],
    [1024, 65535],
    [8081, 65535],
  );
  const someEntries = fc
    .array(
      fc.record({
        way: fc.constantFrom(...ways),
        action: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
        cidr,
        ports,
      }),
      { maxLength: 5 },
    )
    .map((list) => list.map((one, index) => entry(10 + index, one.way, one.action, one.cidr, one.ports)));
  const someAcl = fc.oneof({ weight: 1, arbitrary: fc.constant(both) }, { weight: 2, arbitrary: someEntries });
  const someRules = fc.array(
    fc
      .record({ cidr, ports, named: fc.constantFrom('sg-alb', 'sg-app', 'sg-x') })
      .map((one) => rule(one.ports, { cidrs: [one.cidr], groups: [one.named] })),
    { maxLength: 2 },
  );

  /** Knows the few blocks above by their text. */
  const matches = (block: string, address: string) =>
    block === '0.0.0.0/0' ||
    block === `${address}/32` ||
    (block.endsWith('.0/24') && address.startsWith(block.replace('0/24', '')));
  const aclLets = (entries: readonly NetworkAclEntry[], egress: boolean, remote: string, port: number) =>
    [...entries]
      .sort((a, b) => a.ruleNumber - b.ruleNumber)
      .find(
        (one) =>
          one.egress === egress &&
          matches(one.cidr, remote) &&
          (one.fromPort ?? 0) <= port &&
          port <= (one.toPort ?? 65535),
      )?.action === 'allow';
  const groupLets = (rules: readonly SecurityGroupRule[], remote: string, remoteGroup: string, port: number) =>
    rules.some(
      (one) =>
        (one.fromPort ?? 0) <= port &&
        port <= (one.toPort ?? 65535) &&
        (one.cidrs.some((block) => matches(block, remote)) ||
          one.groups.some(({ groupId }) => groupId === remoteGroup)),
    );

  fc.assert(
    fc.property(someRules, someRules, someAcl, someAcl, (egress, ingress, alb, its) => {
      const connections = NODES.flatMap((node) =>
        PORTS.map(
          (ephemeral) =>
            groupLets(egress, TARGET.address, 'sg-app', 8080) &&
            groupLets(ingress, node.address, 'sg-alb', 8080) &&
            aclLets(alb, true, TARGET.address, 8080) &&
            aclLets(its, false, node.address, 8080) &&
            aclLets(its, true, node.address, ephemeral) &&
            aclLets(alb, false, TARGET.address, ephemeral),
        ),
      );
      const securityGroups = [group('sg-alb', { egress }), group('sg-app', { ingress })];
      const { is } = path({ securityGroups, networkAcls: acls(alb, its) });
      expect(is === 'open').toBe(connections.every((passes) => passes));
      if (is === 'blocked') expect(connections).not.toContain(true);
      expect(is).not.toBe('unknown');
    }),
    { numRuns: 300 },
  );
});

test('a thousand targets in three zones are judged alike on each of two ports', () => {
  const zones = [0, 1, 2].map((index) => ({ zone: `eu-west-1${index}`, subnetId: `subnet-${index}` }));
  const subnets = [0, 1, 2, 3, 4, 5].map((index) =>
    subnet(`subnet-${index}`, `10.0.${index * 16}.0/20`, `eu-west-1${index % 3}`),
  );
  const pathTo = pathsIn(
    aNetwork({
      loadBalancer: { ...LOAD_BALANCER, zones },
      subnets,
      networkAcls: [
        openAcl(
          'acl-1',
          subnets.map(({ id }) => id),
        ),
      ],
    }),
  );
  const paths = Array.from({ length: 1000 }, (_, index) => {
    const end = anEnd({
      address: `10.0.${(index % 6) * 16 + Math.floor(index / 250) + 1}.${(index % 250) + 4}`,
      subnetId: `subnet-${index % 6}`,
    });
    return [8080, 9000].map((port) => pathTo(end, port, true).is);
  });
  expect(new Set(paths.map((two) => two.join()))).toEqual(new Set(['open,blocked']));
});
