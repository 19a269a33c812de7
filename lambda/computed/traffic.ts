import { ifSeen } from '../incident/observed.ts';
import type { Errors } from '../semantics/errors/errors.ts';
import { errorsOfGroups } from '../semantics/errors/errors-of-groups.ts';
import type { Span } from '../semantics/time/minutes.ts';
import { haveAnsweredAll, type TargetTraffic, trafficOf } from '../semantics/traffic/target-traffic.ts';
import { errors } from './errors.ts';
import { defineFact } from './fact.ts';

/** What became of the requests to some target groups. */
export interface TrafficByGroups {
  /**
   * In the minutes of the errors, or of the window without any, unless others are named. `null` where nobody can tell
   * their requests from those of other groups, or there were none.
   */
  of(groups: readonly string[], span?: Span): TargetTraffic | null;
  /** Whether their targets answered what was sent to them: then the 502s and 504s come from elsewhere. */
  answeredAll(groups: readonly string[]): boolean;
  /** The errors that their targets can have made, with their own onset where other groups failed before. */
  errorsOf(groups: readonly string[]): Errors;
}

export const traffic = defineFact({
  needs: ['loadBalancerMetrics', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  compute: (seen, moment): TrafficByGroups => {
    const all = errors.compute(seen, moment);
    const { span: minutes } = all;
    return {
      of: (groups, span = minutes) => trafficOf(groups, seen, span),
      answeredAll: (groups) => haveAnsweredAll(groups, seen, minutes),
      errorsOf: (groups) => errorsOfGroups(all, groups, ifSeen(seen.targetGroupMetrics)),
    };
  },
});
