import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { aSnapshot, groupArn, LB, lately, metrics, target, targetGroup, unhealthy } from './a-snapshot.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `team-${String(index).padStart(2, '0')}-checkout-service`);

/** Twenty groups of four targets, each behind a rule; of one of them no target answers. */
export function manyGroups(): Snapshot {
  return aSnapshot({
    targetGroups: NAMES.map((name) => targetGroup(name)),
    listenerRules: NAMES.map((name, index) => ({
      arn: `${LB}/rule-${index}`,
      listenerArn: `${LB}/listener-80`,
      priority: index === 0 ? null : index,
      conditions: index === 0 ? [] : [`path is /team-${index}/*`, 'host is shop.example.com or www.shop.example.com'],
      actions: [{ type: 'forward', to: [{ targetGroup: groupArn(name), weight: 1 }] }],
    })),
    targetHealth: NAMES.flatMap((name, index) =>
      ['a', 'b', 'c', 'd'].map((letter) => {
        const of = { targetGroup: groupArn(name) };
        const id = `i-${letter}${index}`;
        return index === 7 ? unhealthy(id, 'Target.Timeout', of) : target(id, of);
      }),
    ),
    loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
  });
}
