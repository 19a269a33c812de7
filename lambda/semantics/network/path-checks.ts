import { memo } from '../memo.ts';
import { cidrOf } from './addresses.ts';
import { type ConnectionPeer, DEFAULT_GROUP, nodePeersIn, ownGroupIds, targetPeersIn } from './connection-peers.ts';
import type { Network } from './network.ts';
import { type AclVerdict, aclOf, passes } from './network-acls.ts';
import type { NotSeen } from './not-seen.ts';
import { EPHEMERAL_PORTS, onePort, type PortRange } from './ports.ts';
import { routeTableOf } from './route-table.ts';
import { type RouteVerdict, routeTo } from './routes.ts';
import { type Admission, admits, type Direction, interfaceGroupsOf, type PrefixLists } from './security-groups.ts';
import type { TargetEndpoint } from './target-endpoint.ts';

type End = 'load-balancer' | 'target';

/** One thing that the packets of a connection have to pass. */
export type PathCheck =
  | { readonly layer: 'load-balancer-security-groups' | 'target-security-groups'; readonly verdict: Admission }
  /** Whose ACL, and which way the packets go there: AWS's four checks of a pair of subnets. */
  | {
      readonly layer: 'network-acls';
      readonly at: End;
      readonly direction: Direction;
      readonly ports: PortRange;
      readonly verdict: AclVerdict;
    }
  /** From whose subnet: there, and back. */
  | { readonly layer: 'routes'; readonly at: End; readonly verdict: RouteVerdict };

/** All that a connection has to pass, from a node in one of the load balancer's subnets to a port of a target. */
export type PathChecksOf = (end: TargetEndpoint, port: number, subnetId: string) => readonly PathCheck[];

/** Within a VPC every table has the `local` route, and nobody can remove it. */
const LOCAL: RouteVerdict = { is: 'open', tableId: null, via: [] };

export function pathChecksIn(network: Network): PathChecksOf {
  const nodesIn = nodePeersIn(network);
  const targetAt = targetPeersIn(network);
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
    return [
      ...groupChecks(end, port, behind(middlebox, nodes), behind(middlebox, target)),
      ...aclChecks(end, port, subnetId, nodes, target),
      ...routes,
    ];
  };
}

function groupChecksIn(network: Network) {
  const { securityGroups = [] } = network;
  const prefixLists = prefixListsOf(network);
  const groupIds = ownGroupIds(network);
  const remember = memo<Admission>();

  const admission = (ids: readonly string[], direction: Direction, peer: ConnectionPeer, port: number): Admission =>
    remember(`${ids} ${direction} ${port} ${keyOf(peer)}`, () => {
      const verdict = admits(interfaceGroupsOf(ids, securityGroups), direction, peer, port, prefixLists);
      return verdict.is === 'partly' && peer.vague !== null ? unknown(peer.vague) : verdict;
    });

  return (end: TargetEndpoint, port: number, nodes: ConnectionPeer, target: ConnectionPeer): readonly PathCheck[] => [
    {
      layer: 'load-balancer-security-groups',
      verdict:
        groupIds === null
          ? unknown(DEFAULT_GROUP)
          : askedWidely(target, (peer) => admission(groupIds, 'egress', peer, port), isWhole),
    },
    {
      layer: 'target-security-groups',
      verdict:
        end.securityGroupIds === null ? unknown(end.itself) : admission(end.securityGroupIds, 'ingress', nodes, port),
    },
  ];
}

function aclChecksIn({ networkAcls = [] }: Network) {
  const remember = memo<AclVerdict>();

  const verdictAt = (subnetId: string, direction: Direction, remote: ConnectionPeer, ports: PortRange): AclVerdict =>
    remember(`${subnetId} ${direction} ${ports.from}-${ports.to} ${remote.place}`, () => {
      const acl = aclOf(subnetId, networkAcls);
      if (acl === undefined) return unknown({ kind: 'network-acl', id: subnetId });
      const verdict = passes(acl, direction, remote, ports);
      return verdict.is === 'partly' && remote.vague !== null ? unknown(remote.vague) : verdict;
    });

  return (
    end: TargetEndpoint,
    port: number,
    subnetId: string,
    nodes: ConnectionPeer,
    target: ConnectionPeer,
  ): readonly PathCheck[] => {
    // They may be in one subnet, where no ACL is asked: nobody can say.
    const mayShare = end.subnetId === null && !end.outsideVpc ? (target.vague ?? nodes.vague) : null;
    const at = (where: End, direction: Direction, ports: PortRange): PathCheck => {
      const own = where === 'target' ? end.subnetId : subnetId;
      const remote = where === 'target' ? nodes : target;
      const ask = (of: ConnectionPeer, subnet: string) => verdictAt(subnet, direction, of, ports);
      const verdict =
        mayShare !== null || own === null
          ? unknown(mayShare ?? end.itself)
          : askedWidely(remote, (of) => ask(of, own), isUniform);
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

function routeChecksIn(network: Network) {
  const { loadBalancer, routeTables = [] } = network;
  const prefixLists = prefixListsOf(network);
  const remember = memo<RouteVerdict>();

  const verdictAt = (subnetId: string, remote: ConnectionPeer, otherwise: RouteVerdict): RouteVerdict =>
    remember(`${subnetId} ${otherwise.is} ${remote.place}`, () => {
      const table = routeTableOf({ id: subnetId, vpcId: loadBalancer.vpcId }, routeTables);
      if (table === undefined || remote.vague !== null) return otherwise;
      const verdict = routeTo(table, remote.blocks, prefixLists);
      return verdict.is === 'missing' && otherwise.is === 'open' ? otherwise : verdict;
    });

  return (
    end: TargetEndpoint,
    subnetId: string,
    nodes: ConnectionPeer,
    target: ConnectionPeer,
  ): readonly PathCheck[] => {
    const unseenTable = unknown({ kind: 'route-table', id: subnetId });
    const there = askedWidely(
      target,
      (remote) => verdictAt(subnetId, remote, end.outsideVpc ? unseenTable : LOCAL),
      (verdict) => verdict.is === 'open' && verdict.via.length <= 1,
    );
    const back = end.subnetId === null ? LOCAL : verdictAt(end.subnetId, nodes, LOCAL);
    return [
      { layer: 'routes', at: 'load-balancer', verdict: there },
      { layer: 'routes', at: 'target', verdict: end.outsideVpc ? unknown(end.itself) : back },
    ];
  };
}

/**
 * A route more specific than `local`, to an appliance between two subnets. Behind it a rule that names a security
 * group does not match: what arrives comes from the appliance.
 */
function middleboxOf({ layer, verdict }: PathCheck): NotSeen | undefined {
  if (layer !== 'routes' || verdict.is !== 'open' || !('via' in verdict)) return undefined;
  const detour = verdict.via.find(({ target }) => target.kind !== 'local');
  return detour === undefined ? undefined : { kind: 'interface', id: detour.target.id };
}

function behind(middlebox: NotSeen | undefined, side: ConnectionPeer): ConnectionPeer {
  if (middlebox === undefined) return side;
  const around = side.around === null ? null : behind(middlebox, side.around);
  return { ...side, groups: { notSeen: middlebox }, around };
}

/** First of the whole subnet of a target, which its neighbours share; of its own address only where that may differ. */
function askedWidely<Verdict>(
  side: ConnectionPeer,
  ask: (side: ConnectionPeer) => Verdict,
  holdsForEach: (verdict: Verdict, around: ConnectionPeer) => boolean,
): Verdict {
  if (side.around === null) return ask(side);
  const wide = ask(side.around);
  return holdsForEach(wide, side.around) ? wide : ask(side);
}

function isWhole(verdict: Admission | AclVerdict): boolean {
  return verdict.is === 'open' && verdict.how === 'whole';
}

/** No rule tells the addresses of the subnet apart: every port is open to all of them, or to none. */
function isUniform(verdict: AclVerdict, { blocks }: ConnectionPeer): boolean {
  if (verdict.is === 'open' || verdict.is === 'unknown') return isWhole(verdict);
  const whole = blocks.map(cidrOf);
  return verdict.denied.every(({ remote }) => whole.includes(remote));
}

function unknown(notSeen: NotSeen): { readonly is: 'unknown'; readonly notSeen: readonly NotSeen[] } {
  return { is: 'unknown', notSeen: [notSeen] };
}

function prefixListsOf({ prefixLists = [] }: Network): PrefixLists {
  return new Map(prefixLists.map(({ id, cidrs }) => [id, cidrs]));
}

function keyOf({ place, groups }: ConnectionPeer): string {
  return `${place} ${'ids' in groups ? groups.ids : groups.notSeen.id}`;
}
