import type { Target, TargetGroup } from '../../incident/evidence.ts';

/**
 * A path at which the same targets pass the health check of another group, on the same port, by the same protocol and with
 * the same codes: this group's check would pass there as well. `null` where there is none.
 */
export function pathThatPasses(
  group: TargetGroup,
  failing: readonly Target[],
  groups: readonly TargetGroup[],
  targets: readonly Target[],
): string | null {
  const own = group.healthCheck;
  const passing = groups.filter(({ arn, healthCheck }) => {
    const isAlike =
      healthCheck.protocol === own.protocol &&
      healthCheck.matcher === own.matcher &&
      healthCheck.port === own.port &&
      healthCheck.path !== own.path;
    return isAlike && failing.every((one) => targets.some((other) => other.targetGroup === arn && isWell(other, one)));
  });
  return passing.flatMap(({ healthCheck }) => healthCheck.path ?? []).sort()[0] ?? null;
}

function isWell(other: Target, failing: Target): boolean {
  return other.id === failing.id && other.port === failing.port && other.state === 'healthy';
}
