import { aRuleTo, aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, inGroup, routed } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { elsewhere, wandering } from '../../support/traffic.ts';

const LIVE = groupArn('news');
const OLD = groupArn('news-old');
const asked = wandering(971, 1150, 0.07);
const trickle = wandering(972, 2, 0.6);
const four = fleet(4, 'm6i.large', 33);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const to = [
  { targetGroup: LIVE, weight: 100 },
  { targetGroup: OLD, weight: 0 },
];

export const recipe = elsewhere(
  aSnapshot({
    ...four,
    instances: four.instances.map((one) =>
      one.id === 'i-3' || one.id === 'i-4'
        ? { ...one, state: 'stopped', stateReason: stop, stateSince: '2026-02-27T16:40:00Z' }
        : one,
    ),
    instanceStatus: four.instanceStatus.slice(0, 2),
    instanceMetrics: { ...four.instanceMetrics, of: four.instanceMetrics.of.slice(0, 2) },
    ...routed(targetGroup('news'), targetGroup('news-old')),
    listenerRules: aRuleTo(LIVE).map((rule) => ({ ...rule, actions: [{ type: 'forward' as const, to }] })),
    targetHealth: [
      ...inGroup(four.targetHealth.slice(0, 2), LIVE),
      ...inGroup(four.targetHealth.slice(2), OLD, {
        state: 'unused',
        reason: 'Target.InvalidState',
        description: 'Target is in the stopped state',
      }),
    ],
    ...afternoon(973, {
      [LIVE]: { asked, target: { '5XX': trickle, '4XX': wandering(974, 30, 0.4) }, seconds: [0.06, 0.5], healthy: 2 },
    }),
  }),
  { name: 'news', region: 'eu-central-1', account: '430000000018' },
);
