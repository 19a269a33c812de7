import type { Target } from '../incident/evidence.ts';
import { isUsable } from '../semantics/targets/targets.ts';
import { allRoutedGroups } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** The targets that requests are sent to; where not every listener rule was read, those of any group may be. */
export const servingTargets = defineFact({
  needs: ['targetHealth'],
  uses: ['listenerRules'],
  compute: ({ targetHealth, listenerRules }): readonly Target[] => {
    const routed = allRoutedGroups(listenerRules);
    return targetHealth.filter((target) => isUsable(target) && (routed?.includes(target.targetGroup) ?? true));
  },
});
