import type { Values } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import { errorEpisode } from '../semantics/errors/episode.ts';
import { countOfAll, groupCountOf, groupsWith, type SharedCount } from '../semantics/traffic/counts-by-group.ts';
import { allRoutedGroups } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** Counts that AWS gives for the load balancer as a whole and for each of its target groups. */
export interface Counts {
  /** Minute by minute, of all groups together. */
  ofAll(name: SharedCount): Values;
  /** Of one group, in the minutes of the errors: 0 without any, `null` where AWS tells none of these by group. */
  of(targetGroup: string, ...names: readonly SharedCount[]): number | null;
  /** The groups that have some of their own in the minutes of the errors. */
  groupsWith(name: SharedCount): readonly string[];
}

export const counts = defineFact({
  needs: ['loadBalancerMetrics'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  compute: ({ loadBalancerMetrics: metrics, targetGroupMetrics, listenerRules }, { window }): Counts => {
    const routed = allRoutedGroups(listenerRules) ?? [];
    const all = { metrics, groupMetrics: ifSeen(targetGroupMetrics), routed };
    const span = errorEpisode(metrics, window)?.span;
    return {
      ofAll: (name) => countOfAll(name, all),
      of: (targetGroup, ...names) => {
        if (span === undefined) return 0;
        const known = names.flatMap((name) => groupCountOf(name, targetGroup, span, all) ?? []);
        return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
      },
      groupsWith: (name) => (span === undefined ? [] : groupsWith(name, span, all)),
    };
  },
});
