import type { TargetGroup } from '../../../incident/evidence.ts';
import { inSeconds, type Time, time } from '../../../incident/text.ts';
import { failingSeconds } from '../../../semantics/targets/targets.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { cite } from '../../cite.ts';

export type Dated = ReturnType<typeof datedBy>;

/** When checks began to fail, and how that is known. A target is called unhealthy only after some failed checks. */
export function datedBy(failed: Time, group: TargetGroup, readFrom: Time | undefined) {
  const seconds = failingSeconds(group);
  const since = plusSeconds(failed, -seconds);
  const orBefore = failed === readFrom ? ' or earlier' : '';
  return {
    since,
    shows: cite.targetGroupMetrics`unhealthy targets since ${time(failed)}${orBefore}, which takes ${inSeconds(seconds)} of failed checks: these began at about ${time(since)}${orBefore}`,
  };
}
