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
}

export const traffic = defineFact({
  needs: ['loadBalancerMetrics', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  compute: (seen, moment): TrafficByGroups => {
    const { span: minutes } = errors.compute(seen, moment);
    return {
      of: (groups, span = minutes) => trafficOf(groups, seen, span),
      answeredAll: (groups) => haveAnsweredAll(groups, seen, minutes),
    };
  },
});
