import type {
  LoadBalancer,
  NetworkAcl,
  NetworkAclEntry,
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
} from '../../../lambda/incident/evidence.ts';
import { blocksOf } from '../../../lambda/semantics/network/addresses.ts';
import type { Network } from '../../../lambda/semantics/network/network.ts';
import type { Peer } from '../../../lambda/semantics/network/security-groups.ts';
import type { TargetEndpoint } from '../../../lambda/semantics/network/target-endpoint.ts';

/** Parts of a network, healthy where nothing is said. */

const OWNER = '111122223333';

export function rule(
  ports: number | readonly [number, number] | 'all',
  from: { cidrs?: string[]; lists?: string[]; groups?: (string | { groupId: string; ownerId: string })[] },
  protocol = 'tcp',
): SecurityGroupRule {
  const [fromPort, toPort] = ports === 'all' ? [null, null] : typeof ports === 'number' ? [ports, ports] : ports;
  return {
    protocol,
    fromPort,
    toPort,
    cidrs: from.cidrs ?? [],
    prefixListIds: from.lists ?? [],
    groups: (from.groups ?? []).map((one) => (typeof one === 'string' ? { groupId: one, ownerId: OWNER } : one)),
  };
}

/** As AWS makes it: nothing in, everything out. */
export function group(
  id: string,
  rules: Partial<Pick<SecurityGroup, 'ingress' | 'egress' | 'name'>> = {},
): SecurityGroup {
  const egress = [rule('all', { cidrs: ['0.0.0.0/0'] }, '-1')];
  return { id, name: id, vpcId: 'vpc-1', ownerId: OWNER, ingress: [], egress, tags: {}, ...rules };
}

export function entry(
  ruleNumber: number,
  direction: 'in' | 'out',
  action: 'allow' | 'deny',
  cidr: string,
  ports: number | readonly [number, number] | 'all' = 'all',
  protocol = ports === 'all' ? '-1' : '6',
): NetworkAclEntry {
  const [fromPort, toPort] = ports === 'all' ? [null, null] : typeof ports === 'number' ? [ports, ports] : ports;
  return { ruleNumber, egress: direction === 'out', action, protocol, cidr, fromPort, toPort };
}

/** With the final denials, of both families, that every ACL has. */
export function acl(id: string, subnetIds: readonly string[], entries: readonly NetworkAclEntry[]): NetworkAcl {
  const final = (['in', 'out'] as const).flatMap((way) => [
    entry(32767, way, 'deny', '0.0.0.0/0'),
    entry(32768, way, 'deny', '::/0'),
  ]);
  return { id, isDefault: false, subnetIds, entries: [...final, ...entries], tags: {} };
}

export function openAcl(id: string, subnetIds: readonly string[]): NetworkAcl {
  const ways = ['in', 'out'] as const;
  return acl(
    id,
    subnetIds,
    ways.flatMap((way) => [entry(100, way, 'allow', '0.0.0.0/0'), entry(101, way, 'allow', '::/0')]),
  );
}

export function subnet(id: string, cidr: string, zone = 'eu-west-1a', ipv6Cidrs: readonly string[] = []): Subnet {
  return { id, vpcId: 'vpc-1', zone, cidr, ipv6Cidrs, availableAddresses: 200 };
}

export function route(destination: string, kind: Route['target']['kind'], id: string = kind): Route {
  return { destination, target: { kind, id }, state: 'active', origin: 'CreateRoute' };
}

export const blackhole = (one: Route): Route => ({ ...one, state: 'blackhole' });

/** A main table unless it names subnets. */
export function table(id: string, routes: readonly Route[], subnetIds: readonly string[] = []): RouteTable {
  const local = route('10.0.0.0/16', 'local');
  return { id, vpcId: 'vpc-1', isMain: subnetIds.length === 0, subnetIds, routes: [local, ...routes], tags: {} };
}

export function peer(cidrs: readonly string[], groupIds: readonly string[] = [], now: readonly string[] = []): Peer {
  return { blocks: blocksOf(cidrs), now: blocksOf(now), groups: { ids: groupIds } };
}

export const LOAD_BALANCER: LoadBalancer = {
  arn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188',
  name: 'web',
  dnsName: 'web-1.eu-west-1.elb.amazonaws.com',
  scheme: 'internal',
  ipAddressType: 'ipv4',
  vpcId: 'vpc-1',
  state: { code: 'active', reason: null },
  securityGroupIds: ['sg-alb'],
  zones: [
    { zone: 'eu-west-1a', subnetId: 'subnet-a' },
    { zone: 'eu-west-1b', subnetId: 'subnet-b' },
  ],
  createdAt: null,
};

/** A load balancer in subnet-a (10.0.0.0/24) and subnet-b (10.0.1.0/24); targets in subnet-t (10.0.10.0/24) take 8080. */
export function aNetwork(ill: Partial<Network> = {}): Network {
  return {
    loadBalancer: LOAD_BALANCER,
    loadBalancerInterfaces: [],
    securityGroups: [group('sg-alb'), group('sg-app', { ingress: [rule(8080, { groups: ['sg-alb'] })] })],
    networkAcls: [openAcl('acl-alb', ['subnet-a', 'subnet-b']), openAcl('acl-app', ['subnet-t'])],
    subnets: [
      subnet('subnet-a', '10.0.0.0/24', 'eu-west-1a', ['2001:db8:0:a::/64']),
      subnet('subnet-b', '10.0.1.0/24', 'eu-west-1b', ['2001:db8:0:b::/64']),
      subnet('subnet-t', '10.0.10.0/24', 'eu-west-1a', ['2001:db8:0:10::/64']),
    ],
    routeTables: [table('rtb-main', [route('0.0.0.0/0', 'internet-gateway', 'igw-1')])],
    prefixLists: [],
    ...ill,
  };
}

export function anEnd(ill: Partial<TargetEndpoint> = {}): TargetEndpoint {
  return {
    itself: { kind: 'instance', id: 'i-1' },
    address: '10.0.10.5',
    family: 'ipv4',
    subnetId: 'subnet-t',
    zone: 'eu-west-1a',
    interfaceId: 'eni-1',
    securityGroupIds: ['sg-app'],
    outsideVpc: false,
    isAnothers: false,
    ...ill,
  };
}
