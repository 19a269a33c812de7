import type { HealthCheckLog, Target, TargetGroup } from '../../incident/evidence.ts';
import { targetsOf } from '../targets/targets.ts';

/** Health checks of some targets of a group. */
export interface LoggedChecks {
  /** How many were not answered in time. */
  readonly timedOut: number;
  /** In seconds, of those that passed; `null` where none did. */
  readonly slowestPassed: number | null;
}

export function loggedChecks(
  { checks }: HealthCheckLog,
  { arn, name }: TargetGroup,
  targets: readonly Target[],
): LoggedChecks {
  const own = targetsOf(targets, arn);
  const theirs = checks.filter(
    ({ targetGroupName, address }) => targetGroupName === name && own.some(({ id }) => id === address),
  );
  const timedOut = theirs.filter(({ reason }) => reason === 'TimedOut').reduce((sum, { count }) => sum + count, 0);
  const passed = theirs.flatMap(({ passed, latency }) => (passed ? (latency?.max ?? []) : []));
  return { timedOut, slowestPassed: passed.length === 0 ? null : Math.max(...passed) };
}
