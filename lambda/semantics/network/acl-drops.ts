import { groupBy } from '../group-by.ts';
import type { PathBlocker } from './path.ts';
import { type PortRange, type PortSet, portUnion } from './ports.ts';
import type { TargetPath } from './target-paths.ts';

/** What the same rules of the same ACL drop, one way, for however many targets and subnets: told once for all of them. */
export interface AclDrop {
  readonly aclId: string;
  readonly direction: 'ingress' | 'egress';
  /** All that must pass. */
  readonly ports: PortRange;
  /** What of it does not. */
  readonly denied: PortSet;
  readonly ruleNumbers: readonly number[];
  /** Whose ACL it is: the subnets that it stands before. */
  readonly subnetIds: readonly string[];
  /** The addresses at the other end, in CIDR notation. */
  readonly remotes: readonly string[];
  /** The share of connections that it drops; `null` where all. */
  readonly share: number | null;
}

export function aclDropsOn(paths: readonly TargetPath[]): readonly AclDrop[] {
  const drops = paths.flatMap(({ path }) => path.blockers.flatMap(dropsOf));
  return groupBy(drops, ({ aclId, direction, ports, ruleNumbers }) =>
    JSON.stringify([aclId, direction, ports.from, ports.to, ruleNumbers]),
  ).map((same) => ({
    ...same[0],
    subnetIds: [...new Set(same.flatMap(({ subnetIds }) => subnetIds))],
    remotes: [...new Set(same.flatMap(({ remotes }) => remotes))],
    denied: portUnion(same.flatMap(({ denied }) => denied)),
    share: same.some(({ share }) => share === null) ? null : Math.max(...same.map(({ share }) => share ?? 0)),
  }));
}

function dropsOf(blocker: PathBlocker): readonly AclDrop[] {
  if (blocker.layer !== 'network-acls' || !('denied' in blocker.verdict)) return [];
  const { verdict, direction, at, ports, pairs } = blocker;
  const own = pairs.map(({ from, to }) => (at === 'load-balancer' ? from : to));
  return [
    {
      ...{ aclId: verdict.aclId, direction, ports },
      denied: portUnion(verdict.denied.map((one) => one.ports)),
      ruleNumbers: [...new Set(verdict.denied.map(({ ruleNumber }) => ruleNumber))],
      subnetIds: own.filter((id) => id !== null),
      remotes: [...new Set(verdict.denied.map(({ remote }) => remote))],
      share: verdict.is === 'partly' ? verdict.share : null,
    },
  ];
}
