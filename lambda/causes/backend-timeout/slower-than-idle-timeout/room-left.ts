import type { Load } from '../../../computed/load.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { InstanceMetric, MetricsById, Target, TargetGroupMetric } from '../../../incident/evidence.ts';
import { inSeconds, type Text, text } from '../../../incident/text.ts';
import type { Errors } from '../../../semantics/errors/errors.ts';
import { areDisksSeen, type DiskLimit } from '../../../semantics/load/disk-limits.ts';
import { medianWithoutSlowTargets } from '../../../semantics/load/slow-targets.ts';
import { failsChecks, groupsOf, targetsOf } from '../../../semantics/targets/targets.ts';
import type { AnswerPace } from '../../../semantics/traffic/answer-pace.ts';
import { DEFAULT_IDLE_TIMEOUT, type TimeoutSetting } from '../../../semantics/traffic/idle-timeout.ts';
import { failedShareOf } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, claim } from '../../argue.ts';
import { cite } from '../../cite.ts';
import { roomClaim } from '../../kit/load-words.ts';

interface Seen {
  readonly errors: Errors;
  readonly load: Load;
  readonly traffic: TrafficByGroups | undefined;
  readonly byGroup: MetricsById<TargetGroupMetric> | undefined;
  readonly instances: MetricsById<InstanceMetric> | undefined;
  /** Of disks, reached before the errors: what makes the answers slow is seen. */
  readonly limits: readonly DiskLimit[];
}

/** Of many healthy targets only some are asked about, and speak for the rest; a failing one speaks for itself. */
export function loadClaims(
  slow: readonly Target[],
  seen: Seen,
  { seconds, lowered }: TimeoutSetting,
  { rise }: AnswerPace,
) {
  const { load, instances, limits } = seen;
  const { span } = seen.errors;
  const known = slow.filter((one) => failsChecks(one) || load.cpuOf(one) !== undefined);
  const asked = known.length > 0 ? known : slow;
  const busy = load.of(asked, span);
  const room = roomClaim(asked, load, span);
  // Answers that a short timeout cuts off were as slow before: whether anything is busy tells nothing of them.
  if (lowered !== undefined || (seconds < DEFAULT_IDLE_TIMEOUT && rise === null)) return [room];
  const processor = [assumption(busy.cpu !== null, text`CPU`), assumption(busy.credits !== null, text`CPU credits`)];
  const spent = new Set(limits.map(({ instanceId }) => instanceId));
  const isLimitSeen = room.holds === false || (asked.length > 0 && asked.every(({ id }) => spent.has(id)));
  if (isLimitSeen) return [room, ...processor];
  const some = someRequests(slow, seen);
  if (some !== null) return [room, ...processor, claim(true, cite.loadBalancerMetrics`${some}`)];
  return [
    room,
    ...processor,
    assumption(busy.memory !== null, text`memory`),
    assumption(areDisksSeen(asked, instances, span), text`disks`),
  ];
}

function someRequests(slow: readonly Target[], { errors, traffic, byGroup }: Seen): Text | null {
  const groups = groupsOf(slow).map((arn) => {
    const sent = traffic?.of([arn]);
    const own = byGroup?.of.find(({ id }) => id === arn)?.values;
    const times = sent?.from === 'loadBalancerMetrics' ? errors.metrics.values : own;
    return { targets: targetsOf(slow, arn), failedShare: failedShareOf(sent), times };
  });
  const median = medianWithoutSlowTargets(groups, errors.span);
  if (median === null) return null;
  return text`the median of response times per minute was ${inSeconds(median)} on average, as before, and fewer requests failed than half of those that one target gets: no target was slow for all its requests`;
}
