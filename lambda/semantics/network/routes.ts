import type { Route, RouteTable } from '../../incident/evidence.ts';
import { type AddressBlock, blockOf, blocksOverlap, cidrOf, dealOut, isPrivate } from './addresses.ts';
import type { NotSeen } from './not-seen.ts';
import type { PrefixLists } from './security-groups.ts';

export type RouteVerdict =
  /** `table` is `null` where no table was seen and none was needed: within a VPC, `local` is always there. */
  | { readonly is: 'open'; readonly tableId: string | null; readonly via: readonly Route[] }
  /** `instead`: what takes the packets and does not carry them, e.g. the default route to an internet gateway. */
  | {
      readonly is: 'missing' | 'blackhole' | 'partly';
      readonly tableId: string;
      readonly isMain: boolean;
      readonly lost: readonly { readonly destination: string; readonly route: Route | null }[];
    }
  | { readonly is: 'unknown'; readonly notSeen: readonly NotSeen[] };

/** Where a table sends packets for one or more blocks: the longest prefix wins, a prefix list counting by its entries. */
export function routeTo(
  table: RouteTable,
  destinations: readonly AddressBlock[],
  prefixLists: PrefixLists,
): RouteVerdict {
  const listed = table.routes.map((route) => ({ route, blocks: destinationsOf(route, prefixLists) }));
  const entries = listed
    .flatMap(({ route, blocks }) => (blocks ?? []).map((block) => ({ route, block })))
    .filter(({ block }) => destinations.some((destination) => blocksOverlap(block, destination)))
    .toSorted((a, b) => b.block.bits - a.block.bits);
  const pieces = dealOut(destinations, entries).map(({ block, to }) => ({ block, ...carried(block, to?.route) }));
  const lost = pieces.filter(({ is }) => is !== 'open');

  const unread = listed.filter(({ blocks }) => blocks === undefined).map(({ route }) => route);
  // An unread list might hold the missing route. If a list leads nowhere, it might also hide the one that was found.
  const matters = lost.length > 0 ? unread : unread.filter((route) => route.state === 'blackhole');
  const notSeen = [
    ...matters.map((route): NotSeen => ({ kind: 'prefix-list', id: route.destination })),
    ...lost.flatMap(({ is, route }): NotSeen[] =>
      is === 'unknown' ? [{ kind: 'nat-gateway', id: route?.target.id ?? table.id }] : [],
    ),
  ];
  if (notSeen.length > 0) return { is: 'unknown', notSeen };
  if (lost.length === 0) {
    return { is: 'open', tableId: table.id, via: pieces.flatMap(({ route }) => (route === null ? [] : [route])) };
  }
  const isBlackhole = lost.some(({ is }) => is === 'blackhole');
  return {
    is: lost.length < pieces.length ? 'partly' : isBlackhole ? 'blackhole' : 'missing',
    tableId: table.id,
    isMain: table.isMain,
    lost: lost.map(({ block, route }) => ({ destination: cidrOf(block), route })),
  };
}

type Carried = { readonly is: 'open' | 'missing' | 'blackhole' | 'unknown'; readonly route: Route | null };

function carried(block: AddressBlock, route: Route | undefined): Carried {
  if (route === undefined) return { is: 'missing', route: null };
  if (route.state === 'blackhole') return { is: 'blackhole', route };
  // The default route of most subnets catches every lost private address, and its gateway drops it.
  if (route.target.kind === 'internet-gateway' && isPrivate(block)) return { is: 'missing', route };
  // A NAT gateway sends on by the table of its own subnet.
  if (route.target.kind === 'nat') return { is: 'unknown', route };
  return { is: 'open', route };
}

/** `undefined`: a prefix list that was not seen, or a destination that cannot be read. */
function destinationsOf({ destination }: Route, prefixLists: PrefixLists): readonly AddressBlock[] | undefined {
  const block = blockOf(destination);
  if (block !== undefined) return [block];
  return prefixLists.get(destination)?.flatMap((cidr) => blockOf(cidr) ?? []);
}
