import { ifSeen } from '../incident/observed.ts';
import { groupsAskedOf } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** Which target groups get requests. */
export interface RoutedGroups {
  /** Whether the listener rules say so; where they were not read, any group of the load balancer may be one. */
  readonly byRules: boolean;
  /** By ARN. */
  readonly groups: readonly string[];
  has(targetGroup: string): boolean;
}

export const routed = defineFact({
  uses: ['listenerRules', 'targetGroups'],
  compute: ({ listenerRules, targetGroups }): RoutedGroups => {
    const rules = ifSeen(listenerRules);
    const groups = groupsAskedOf(rules, ifSeen(targetGroups) ?? []);
    return { byRules: rules !== undefined, groups, has: (targetGroup) => groups.includes(targetGroup) };
  },
});
