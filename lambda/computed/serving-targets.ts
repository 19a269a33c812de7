import type { Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import { isUsable } from '../semantics/targets/targets.ts';
import { routedGroups } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** The targets that requests are sent to; where the listener rules were not read, those of any group may be. */
export const servingTargets = defineFact({
  needs: ['targetHealth'],
  uses: ['listenerRules'],
  compute: ({ targetHealth, listenerRules }): readonly Target[] => {
    const rules = ifSeen(listenerRules);
    const routed = rules && new Set(routedGroups(rules));
    return targetHealth.filter((target) => isUsable(target) && (routed?.has(target.targetGroup) ?? true));
  },
});
