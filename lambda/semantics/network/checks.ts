import type {
  LoadBalancer,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
} from '../../incident/evidence.ts';
import { anywhere, blocksOf, cidrOf, type Family } from './addresses.ts';
import { type AclVerdict, aclOf, passes } from './network-acls.ts';
import type { NotSeen } from './not-seen.ts';
import { EPHEMERAL_PORTS, onePort, type PortRange } from './ports.ts';
import { type RouteVerdict, routeTo, tableOf } from './routes.ts';
import { type Admission, admits, type Direction, groupsOf, type Peer, type PrefixLists } from './security-groups.ts';
import type { TargetEnd } from './target-end.ts';

/** What was seen of the network; `undefined` for what was not. */
export interface Network {
  readonly loadBalancer: LoadBalancer;
  readonly loadBalancerInterfaces?: readonly NetworkInterface[] | undefined;
  readonly securityGroups?: readonly SecurityGroup[] | undefined;
  readonly networkAcls?: readonly NetworkAcl[] | undefined;
  readonly subnets?: readonly Subnet[] | undefined;
  readonly routeTables?: readonly RouteTable[] | undefined;
  readonly prefixLists?: readonly PrefixList[] | undefined;
}

type End = 'load-balancer' | 'target';

/** One thing that the packets of a connection have to pass. */
export type Check =
  | { readonly layer: 'load-balancer-security-groups' | 'target-security-groups'; readonly verdict: Admission }
  /** Whose ACL, and which way the packets go there: AWS's four checks of a pair of subnets. */
  | {
      readonly layer: 'network-acls';
      readonly at: End;
      readonly direction: Direction;
      readonly ports: PortRange;
      readonly verdict: AclVerdict;
    }
  | { readonly layer: 'routes'; readonly at: End; readonly verdict: RouteVerdict };

/** All that a connection has to pass, from a node in one of the load balancer's subnets to a port of a target. */
export type ChecksOf = (end: TargetEnd, port: number, subnetId: string) => readonly Check[];

/** Where one side of the connection may be, as the other side's rules see it. */
interface Side extends Peer {
  /** What was not seen, where `blocks` are only the range that the address lies in; `null` where they are exact. */
  readonly vague: NotSeen | null;
  /** Stands for `blocks` where answers are remembered. */
  readonly place: string;
}

/** Within a VPC every table has the `local` route, and nobody can remove it. */
const LOCAL: RouteVerdict = { is: 'open', tableId: null, via: [] };

export function checksIn(network: Network): ChecksOf {
  const nodesIn = nodeSidesIn(network);
  const targetAt = targetSidesIn(network);
  const groupChecks = groupChecksIn(network);
  const aclChecks = aclChecksIn(network);
  const routeChecks = routeChecksIn(network);

  return (end, port, subnetId) => {
    const nodes = nodesIn(subnetId, end.family);
    const target = targetAt(end);
    // What stays inside one subnet meets no ACL and no route.
    if (end.subnetId === subnetId) return groupChecks(end, port, nodes, target);

    const routes = routeChecks(end, subnetId, nodes, target);
    const middlebox = end.outsideVpc ? undefined : routes.map(middleboxOf).find((one) => one !== undefined);
    const behind = (side: Side) => (middlebox === undefined ? side : { ...side, groups: { notSeen: middlebox } });
    return [
      ...groupChecks(end, port, behind(nodes), behind(target)),
      ...aclChecks(end, port, subnetId, nodes, target),
      ...routes,
    ];
  };
}

function nodeSidesIn({ loadBalancer, loadBalancerInterfaces = [], securityGroups = [], subnets = [] }: Network) {
  const groupIds = ownGroupIds(loadBalancer, securityGroups);
  const groups = groupIds === null ? { notSeen: DEFAULT_GROUP } : { ids: groupIds };
  const remember = remembered<Side>();
  return (subnetId: string, family: Family): Side =>
    remember(`${subnetId} ${family}`, () => {
      const nodes = loadBalancerInterfaces.filter((one) => one.subnetId === subnetId);
      const addresses = blocksOf(nodes.flatMap((node) => node.addresses));
      return { ...range(subnetId, family, subnets), now: addresses.filter((one) => one.family === family), groups };
    });
}

function targetSidesIn({ subnets = [] }: Network) {
  const remember = remembered<Side>();
  return ({ itself, address, family, subnetId, securityGroupIds }: TargetEnd): Side =>
    remember(`${itself.id} ${address} ${subnetId} ${securityGroupIds}`, () => {
      const where =
        address === null
          ? { ...range(subnetId, family, subnets), vague: itself, place: `${itself.id} in ${subnetId}` }
          : { blocks: blocksOf([address]), vague: null, place: address };
      return { ...where, now: [], groups: securityGroupIds === null ? { notSeen: itself } : { ids: securityGroupIds } };
    });
}

function range(
  subnetId: string | null,
  family: Family,
  subnets: readonly Subnet[],
): Pick<Side, 'blocks' | 'vague' | 'place'> {
  const subnet = subnets.find((one) => one.id === subnetId);
  const blocks = blocksOf(subnet === undefined ? [] : [subnet.cidr, ...subnet.ipv6Cidrs]).filter(
    (block) => block.family === family,
  );
  const place = `${subnetId} ${family}`;
  if (blocks.length > 0) return { blocks, vague: null, place };
  return { blocks: [anywhere(family)], vague: { kind: 'subnet', id: subnetId ?? 'unknown' }, place };
}

const DEFAULT_GROUP: NotSeen = { kind: 'security-group', id: 'default' };

/** A load balancer without groups of its own has its VPC's default group. */
function ownGroupIds(
  { securityGroupIds, vpcId }: LoadBalancer,
  securityGroups: readonly SecurityGroup[],
): readonly string[] | null {
  if (securityGroupIds.length > 0) return securityGroupIds;
  const fallback = securityGroups.find((group) => group.name === 'default' && group.vpcId === vpcId);
  return fallback === undefined ? null : [fallback.id];
}

function groupChecksIn({ loadBalancer, securityGroups = [], prefixLists: lists = [] }: Network) {
  const prefixLists: PrefixLists = new Map(lists.map(({ id, cidrs }) => [id, cidrs]));
  const groupIds = ownGroupIds(loadBalancer, securityGroups);
  const remember = remembered<Admission>();

  const admission = (ids: readonly string[], direction: Direction, peer: Side, port: number): Admission =>
    remember(`${ids} ${direction} ${port} ${keyOf(peer)}`, () => {
      const verdict = admits(groupsOf(ids, securityGroups), direction, peer, port, prefixLists);
      return verdict.is === 'partly' && peer.vague !== null ? unknown(peer.vague) : verdict;
    });

  return ({ itself, securityGroupIds }: TargetEnd, port: number, nodes: Side, target: Side): readonly Check[] => [
    {
      layer: 'load-balancer-security-groups',
      verdict: groupIds === null ? unknown(DEFAULT_GROUP) : admission(groupIds, 'egress', target, port),
    },
    {
      layer: 'target-security-groups',
      verdict: securityGroupIds === null ? unknown(itself) : admission(securityGroupIds, 'ingress', nodes, port),
    },
  ];
}

function aclChecksIn({ networkAcls = [] }: Network) {
  const remember = remembered<AclVerdict>();

  const verdictAt = (subnetId: string, direction: Direction, remote: Side, ports: PortRange): AclVerdict =>
    remember(`${subnetId} ${direction} ${ports.from}-${ports.to} ${remote.place}`, () => {
      const acl = aclOf(subnetId, networkAcls);
      if (acl === undefined) return unknown({ kind: 'network-acl', id: subnetId });
      const verdict = passes(acl, direction, remote, ports);
      return verdict.is === 'partly' && remote.vague !== null ? unknown(remote.vague) : verdict;
    });

  return (end: TargetEnd, port: number, subnetId: string, nodes: Side, target: Side): readonly Check[] => {
    // They may be in one subnet, where no ACL is asked: nobody can say.
    const mayShare = end.subnetId === null && !end.outsideVpc ? (target.vague ?? nodes.vague) : null;
    const at = (where: End, direction: Direction, ports: PortRange): Check => {
      const subnet = where === 'target' ? end.subnetId : subnetId;
      const missed = mayShare ?? (subnet === null ? end.itself : null);
      const remote = where === 'target' ? nodes : target;
      const verdict = missed === null ? verdictAt(subnet ?? '', direction, remote, ports) : unknown(missed);
      return { layer: 'network-acls', at: where, direction, ports, verdict };
    };
    return [
      at('load-balancer', 'egress', onePort(port)),
      at('target', 'ingress', onePort(port)),
      at('target', 'egress', EPHEMERAL_PORTS),
      at('load-balancer', 'ingress', EPHEMERAL_PORTS),
    ];
  };
}

function routeChecksIn({ loadBalancer, routeTables = [], prefixLists: lists = [] }: Network) {
  const prefixLists: PrefixLists = new Map(lists.map(({ id, cidrs }) => [id, cidrs]));
  const remember = remembered<RouteVerdict>();

  const verdictAt = (subnetId: string, remote: Side, otherwise: RouteVerdict): RouteVerdict =>
    remember(`${subnetId} ${otherwise.is} ${remote.place}`, () => {
      const table = tableOf({ id: subnetId, vpcId: loadBalancer.vpcId }, routeTables);
      if (table === undefined || remote.vague !== null) return otherwise;
      const verdict = routeTo(table, remote.blocks, prefixLists);
      return verdict.is === 'missing' && otherwise.is === 'open' ? otherwise : verdict;
    });

  return (end: TargetEnd, subnetId: string, nodes: Side, target: Side): readonly Check[] => {
    const unseenTable = unknown({ kind: 'route-table', id: subnetId });
    const there = verdictAt(subnetId, target, end.outsideVpc ? unseenTable : LOCAL);
    const inside = end.subnetId === null ? LOCAL : verdictAt(end.subnetId, nodes, LOCAL);
    return [
      { layer: 'routes', at: 'load-balancer', verdict: there },
      { layer: 'routes', at: 'target', verdict: end.outsideVpc ? unknown(end.itself) : inside },
    ];
  };
}

/**
 * A route more specific than `local`, to an appliance between two subnets. Behind it a rule that names a security
 * group does not match: what arrives comes from the appliance.
 */
function middleboxOf({ layer, verdict }: Check): NotSeen | undefined {
  if (layer !== 'routes' || verdict.is !== 'open' || !('via' in verdict)) return undefined;
  const detour = verdict.via.find(({ target }) => target.kind !== 'local');
  return detour === undefined ? undefined : { kind: 'interface', id: detour.target.id };
}

function unknown(notSeen: NotSeen): { readonly is: 'unknown'; readonly notSeen: readonly NotSeen[] } {
  return { is: 'unknown', notSeen: [notSeen] };
}

/** Asks once per key: a thousand targets share a few groups and subnets. */
function remembered<Answer>(): (key: string, answer: () => Answer) => Answer {
  const answers = new Map<string, Answer>();
  return (key, answer) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const fresh = answer();
    answers.set(key, fresh);
    return fresh;
  };
}

const keyOf = ({ place, groups }: Side): string => `${place} ${'ids' in groups ? groups.ids : groups.notSeen.id}`;
