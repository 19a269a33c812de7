import type { Errors } from '../../../computed/errors.ts';
import type { Load } from '../../../computed/load.ts';
import type { Paths } from '../../../computed/paths.ts';
import type { RoutedGroups } from '../../../computed/routed-groups.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { MetricsById, Target, TargetGroupMetric } from '../../../incident/evidence.ts';
import { count, percent, type Text, text } from '../../../incident/text.ts';
import { limitReached, type TargetLoad } from '../../../semantics/load/target-load.ts';
import type { PathState } from '../../../semantics/network/path.ts';
import { groupsOf, isUsable } from '../../../semantics/targets/targets.ts';
import { failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { answeredShare, failedConnectionsTo } from '../../../semantics/traffic/target-traffic.ts';

/** Targets that answer more than this share of the requests are not hung. */
const MOST = 0.5;
/** Up to this share of the 504s may be failed connections or handshakes of other targets. */
const FEW = 0.1;

export function isMany(failures: number, errors504: number): boolean {
  return failures > FEW * errors504;
}

interface Around {
  readonly traffic: TrafficByGroups;
  readonly paths: Paths;
  readonly load: Load;
  readonly byGroup: MetricsById<TargetGroupMetric> | undefined;
}

/**
 * The groups of silent targets without those for which it is known that they are silent for another reason; all of them, where
 * that is so of each. What one group fails with tells nothing of another.
 */
export function hangingGroups(silent: readonly Target[], around: Around): readonly string[] {
  const { traffic, paths, load, byGroup } = around;
  const groups = groupsOf(silent);
  const left = groups.filter((arn) => {
    const targets = silent.filter(({ targetGroup }) => targetGroup === arn);
    const own = traffic.errorsOf([arn]);
    const limit = limitReached(load.of(targets, own.span));
    const isRefused = isMany(failedConnectionsTo([arn], own, byGroup) ?? 0, own.count('504'));
    return !isRefused && paths.to(targets) !== 'blocked' && (limit === null || limit.of === 'memory');
  });
  return left.length === 0 ? groups : left;
}

/** Those that get requests although they fail: with a healthy target beside them, they get none, and nobody waits for them. */
export function withoutHealthy(silent: readonly Target[], targets: readonly Target[]): readonly Target[] {
  const served = groupsOf(targets.filter(({ state }) => state === 'healthy'));
  return silent.filter(({ targetGroup }) => !served.includes(targetGroup));
}

interface Silent {
  readonly hanging: readonly Target[];
  readonly groups: readonly string[];
  readonly path: PathState;
  readonly busy: TargetLoad;
}

/** What else it is, where it is. */
export function rivalOf(
  { hanging, groups, path, busy }: Silent,
  targets: readonly Target[],
  routed: RoutedGroups,
  errors: Errors,
): Text | null {
  const handshakes = failedHandshakes(errors.metrics, errors.span);
  if (isMany(handshakes, errors.count('504'))) {
    return text`TLS handshakes with targets fail: ${count(handshakes, 'TLS negotiation error')}`;
  }
  const others = targets.filter((one) => groups.includes(one.targetGroup) && isUsable(one) && !hanging.includes(one));
  const isEveryOne = others.length === 0 && (errors.isPart || routed.groups.every((arn) => groups.includes(arn)));
  const answered = answeredShare(errors);
  if (isEveryOne && answered > MOST) {
    return text`the targets answer ${percent(answered)} of the requests: only their health checks time out`;
  }
  if (path === 'blocked') return text`the path to the failing targets is closed: they accept no connection`;
  const limit = limitReached(busy);
  // Full memory makes targets hang as well as slow: what it is a symptom of is told above it.
  if (limit === null || limit.of === 'memory') return null;
  return text`the failing targets are at ${percent(limit.used / 100)} of their CPU: overloaded, not hung`;
}
