import type { ListenerRule } from '../incident/evidence.ts';

/**
 * Which target groups get requests: those that a rule forwards to with a weight above 0. A weight of 0 gets nothing.
 */
export function routedGroups(rules: readonly ListenerRule[]): readonly string[] {
  const arns = new Set<string>();
  for (const rule of rules) {
    for (const action of rule.actions) {
      if (action.type !== 'forward') continue;
      for (const { targetGroup, weight } of action.to) if (weight > 0) arns.add(targetGroup);
    }
  }
  return [...arns].sort();
}

/** The rules that send something to a group, default rules last. */
export function rulesTo(rules: readonly ListenerRule[], targetGroup: string): readonly ListenerRule[] {
  return rules
    .filter((rule) =>
      rule.actions.some(
        (action) =>
          action.type === 'forward' && action.to.some((to) => to.targetGroup === targetGroup && to.weight > 0),
      ),
    )
    .sort((a, b) => (a.priority ?? Number.POSITIVE_INFINITY) - (b.priority ?? Number.POSITIVE_INFINITY));
}
