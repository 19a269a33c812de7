import { ifSeen, isWhole } from '../incident/observed.ts';
import { groupsAskedOf } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** Which target groups get requests. */
export interface RoutedGroups {
  /** Whether the listener rules say so; where one was not read, any group of the load balancer may be one. */
  readonly byRules: boolean;
  /** By ARN. */
  readonly groups: readonly string[];
  has(targetGroup: string): boolean;
}

export const routed = defineFact({
  uses: ['listenerRules', 'targetGroups'],
  compute: ({ listenerRules, targetGroups }): RoutedGroups => {
    const groups = groupsAskedOf(listenerRules, ifSeen(targetGroups) ?? []);
    return { byRules: isWhole(listenerRules), groups, has: (targetGroup) => groups.includes(targetGroup) };
  },
});
