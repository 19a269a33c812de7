import type { Route } from '../../incident/evidence.ts';
import type { TargetPath } from './target-paths.ts';

/** Where packets to a target, or its answers, are lost for want of a route. */
export interface LostRoute {
  readonly tableId: string;
  readonly isMain: boolean;
  /** The subnets whose packets are lost. */
  readonly subnetIds: readonly string[];
  readonly destinations: readonly string[];
  /** What takes the packets and does not carry them; `null` where nothing takes them. */
  readonly route: Route | null;
}

export function lostRoutesOn(paths: readonly TargetPath[]): readonly LostRoute[] {
  const lost = new Map<string, LostRoute>();
  for (const blocker of paths.flatMap(({ path }) => path.blockers)) {
    if (blocker.layer !== 'routes' || !('lost' in blocker.verdict)) continue;
    const { at, pairs, verdict } = blocker;
    const { tableId, isMain } = verdict;
    const own = pairs.map(({ from, to }) => (at === 'load-balancer' ? from : to)).filter((id) => id !== null);
    for (const { destination, route } of verdict.lost) {
      const key = `${tableId} ${route?.destination}`;
      const before = lost.get(key);
      const subnetIds = [...new Set([...(before?.subnetIds ?? []), ...own])];
      const destinations = [...new Set([...(before?.destinations ?? []), withoutBits(destination)])];
      lost.set(key, { tableId, isMain, subnetIds, destinations, route });
    }
  }
  return [...lost.values()];
}

/** A single address as people write it. */
function withoutBits(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}
