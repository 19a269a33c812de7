import { memo } from '../memo.ts';
import type { Network } from './network.ts';
import { type NotSeen, withoutRepeats } from './not-seen.ts';
import { type PathCheck, pathChecksIn } from './path-checks.ts';
import type { TargetEndpoint } from './target-endpoint.ts';

export type PathState = 'open' | 'blocked' | 'partly-blocked' | 'unknown';

export type PathLayer = PathCheck['layer'];

/** A load balancer's subnet and the target's, `null` where that is not known or outside the VPC. */
export interface SubnetPair {
  readonly from: string;
  readonly to: string | null;
}

export type PathBlocker = PathCheck & {
  readonly state: 'blocked' | 'partly-blocked';
  readonly pairs: readonly SubnetPair[];
};

export interface Path {
  /**
   * Of all pairs. `partly-blocked`: some pairs, or a part of the connections of some; what was not seen may make it
   * worse. `unknown`: nothing seen blocks it, and not everything was seen.
   */
  readonly is: PathState;
  readonly port: number;
  readonly layers: Readonly<Record<PathLayer, PathState>>;
  /** All of them, not the first. */
  readonly blockers: readonly PathBlocker[];
  readonly notSeen: readonly NotSeen[];
  readonly notSeenIn: Readonly<Record<PathLayer, readonly NotSeen[]>>;
  readonly pairs: readonly SubnetPair[];
  /** It is open for the load balancer's addresses of today, and not for all that it may get tomorrow. */
  readonly onlyCurrentNodes: boolean;
}

/** Judges the way from the load balancer to a target, on a port. */
export type PathTo = (end: TargetEndpoint, port: number, crossZone: boolean) => Path;

/** The paths of one network: targets that share groups, subnet and port share the work. */
export function pathsIn(network: Network): PathTo {
  const checksOf = pathChecksIn(network);
  const remember = memo<Path>();
  const numberOf = numbers();
  return (end, port, crossZone) => {
    const { zones } = network.loadBalancer;
    const anyZone = crossZone || end.outsideVpc;
    const nodes = anyZone ? zones : zones.filter(({ zone }) => zone === end.zone);
    const pairs = nodes.map(({ subnetId }) => ({
      pair: { from: subnetId, to: end.subnetId },
      checks: checksOf(end, port, subnetId),
    }));
    const missed = anyZone || end.zone !== null ? [] : [end.itself];
    const judged = pairs.map(({ pair, checks }) => [pair.from, pair.to, ...checks.map((one) => numberOf(one.verdict))]);
    return remember(JSON.stringify([port, judged, missed]), () => pathOf(port, pairs, missed));
  };
}

/** The same answer is the same object: what was answered alike for two targets makes the same path. */
function numbers(): (verdict: object) => number {
  const known = new Map<object, number>();
  return (verdict) => {
    const number = known.get(verdict) ?? known.size;
    known.set(verdict, number);
    return number;
  };
}

interface JudgedPair {
  readonly pair: SubnetPair;
  readonly checks: readonly PathCheck[];
}

function pathOf(port: number, pairs: readonly JudgedPair[], missed: readonly NotSeen[]): Path {
  const checks = pairs.flatMap((one) => one.checks);
  const stateIn = (of: (check: PathCheck) => boolean) =>
    amongPairs(pairs.map((one) => ofAll(one.checks.filter(of).map(checkState))));
  const notSeen = (of: (check: PathCheck) => boolean) =>
    withoutRepeats([
      ...missed,
      ...checks.flatMap((check) => (check.verdict.is === 'unknown' && of(check) ? check.verdict.notSeen : [])),
    ]);
  return {
    is: stateIn(() => true),
    port,
    layers: byLayer((name) => stateIn((check) => check.layer === name)),
    blockers: blockersOf(pairs),
    notSeen: notSeen(() => true),
    notSeenIn: byLayer((name) => notSeen((check) => check.layer === name)),
    pairs: pairs.map(({ pair }) => pair),
    onlyCurrentNodes: checks.some(({ verdict }) => 'how' in verdict && verdict.how === 'only-current-nodes'),
  };
}

function byLayer<T>(of: (layer: PathLayer) => T): Readonly<Record<PathLayer, T>> {
  return {
    'load-balancer-security-groups': of('load-balancer-security-groups'),
    'target-security-groups': of('target-security-groups'),
    'network-acls': of('network-acls'),
    routes: of('routes'),
  };
}

/** Checks whose answer is the same for several pairs are one blocker. */
function blockersOf(pairs: readonly JudgedPair[]): readonly PathBlocker[] {
  const blockers = new Map<PathCheck['verdict'], PathBlocker>();
  for (const { pair, checks } of pairs) {
    for (const check of checks) {
      const state = checkState(check);
      if (state !== 'blocked' && state !== 'partly-blocked') continue;
      const before = blockers.get(check.verdict)?.pairs ?? [];
      blockers.set(check.verdict, { ...check, state, pairs: [...before, pair] });
    }
  }
  return [...blockers.values()];
}

function checkState({ verdict }: PathCheck): PathState {
  switch (verdict.is) {
    case 'open':
    case 'unknown':
      return verdict.is;
    case 'partly':
      return 'partly-blocked';
    case 'closed':
    case 'missing':
    case 'blackhole':
      return 'blocked';
  }
}

/** One after the other: the worst decides, and what is not seen is worse than open. */
function ofAll(states: readonly PathState[]): PathState {
  const worst: readonly PathState[] = ['blocked', 'partly-blocked', 'unknown'];
  return worst.find((state) => states.includes(state)) ?? 'open';
}

/** Side by side: a connection takes one pair, so a part of the pairs blocked is a part of the connections. */
function amongPairs(states: readonly PathState[]): PathState {
  if (states.length === 0) return 'unknown';
  if (states.every((state) => state === 'blocked')) return 'blocked';
  if (states.some((state) => state === 'blocked' || state === 'partly-blocked')) return 'partly-blocked';
  return states.includes('unknown') ? 'unknown' : 'open';
}
