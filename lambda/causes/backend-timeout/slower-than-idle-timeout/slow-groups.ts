import type { Errors } from '../../../computed/errors.ts';
import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { onlyKinds } from '../../../semantics/errors/error-series.ts';
import { disksAtLimit } from '../../../semantics/load/disk-limits.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import type { RoutedKinds } from '../../../semantics/traffic/answer-pace.ts';
import { groupsWithUnanswered } from '../../../semantics/traffic/target-traffic.ts';
import type { SeenBy } from '../../cause.ts';
import { roomClaim } from '../../kit/load-words.ts';
import { otherTimeouts } from './other-timeouts.ts';

export type SlowSeen = SeenBy<
  'errors' | 'loadBalancerAttributes' | 'loadBalancer' | 'load',
  'traffic' | 'targetGroupMetrics' | 'targetHealth' | 'tags' | 'instanceMetrics' | 'changes' | 'logEndings'
>;

/** Groups that are judged together, and the 504s that they can have made. */
export interface SlowGroups {
  /** Where they are told apart from others. */
  readonly isPart: boolean;
  readonly groups: RoutedKinds;
  readonly errors: Errors;
}

export const of504s = (errors: Errors): Errors => errors.beginningLater(onlyKinds(errors.series, ['504']));

/**
 * Where several groups fail, and AWS tells their errors apart: those whose 504s may be answers that came too late, apart from
 * those of which targets have nothing left. `null`: all are judged together.
 */
export function slowGroups(onHosts: readonly string[], seen: SlowSeen): readonly SlowGroups[] | null {
  const { traffic, load, ...more } = seen;
  const byGroup = ifSeen(more.targetGroupMetrics);
  if (traffic === undefined || onHosts.length < 2) return null;
  const each = onHosts.map((arn) => ({ arn, own: traffic.errorsOf([arn]) }));
  if (each.every(({ own }) => !own.isPart)) return null;
  const usable = (ifSeen(more.targetHealth) ?? []).filter(isUsable);
  const waited = groupsWithUnanswered(onHosts, byGroup, more.errors.span);
  const slow = each.filter(
    ({ arn, own }) =>
      (own.isPart || waited.includes(arn)) &&
      own.count('504') > 0 &&
      otherTimeouts(own, onlyOf(byGroup, [arn])) === null,
  );
  const isAtLimit = ({ arn, own: { span } }: (typeof each)[number]): boolean => {
    const targets = targetsOf(usable, arn);
    const ids = targets.map(({ id }) => id);
    const disks = disksAtLimit(ids, ifSeen(more.instanceMetrics), span);
    return roomClaim(targets, load, span).holds === false || disks.length > 0;
  };
  const parts = [slow.filter((one) => !isAtLimit(one)), slow.filter(isAtLimit)].filter(({ length }) => length > 0);
  if (parts.length === 0) return null;
  return parts.map((part) => {
    const arns = part.map(({ arn }) => arn);
    return {
      isPart: true,
      groups: { all: arns, functions: [], onHosts: arns },
      errors: of504s(traffic.errorsOf(arns)),
    };
  });
}

/** What AWS counts of these groups. */
export function onlyOf(byGroup: MetricsById<TargetGroupMetric> | undefined, groups: readonly string[]) {
  return byGroup && { ...byGroup, of: byGroup.of.filter(({ id }) => groups.includes(id)) };
}
