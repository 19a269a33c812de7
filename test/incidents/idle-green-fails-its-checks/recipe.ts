import { aRuleTo, aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, forwardTo, inGroup, pathRule, routed } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const BLUE = groupArn('profile-blue');
const GREEN = groupArn('profile-green');
const asked = wandering(981, 760, 0.08);
const four = fleet(4, 't3.large', 22);

export const recipe = elsewhere(
  aSnapshot({
    ...four,
    ...routed(targetGroup('profile-blue'), targetGroup('profile-green')),
    listenerRules: [
      ...aRuleTo(BLUE),
      { ...pathRule(50, '/', forwardTo(GREEN)), conditions: ['header x-preview is green'] },
    ],
    targetHealth: [
      ...inGroup(four.targetHealth.slice(0, 2), BLUE),
      ...inGroup(four.targetHealth.slice(2), GREEN, {
        ...{
          state: 'unhealthy',
          reason: 'Target.ResponseCodeMismatch',
          description: 'Health checks failed with these codes: [404]',
        },
      }),
    ],
    ...afternoon(982, {
      [BLUE]: { asked, failed: { '502': inMinutes({ '11:52': 1 }) }, seconds: [0.05, 0.4], healthy: 2 },
      [GREEN]: { asked: inMinutes({ '13:31': 2, '13:40': 1 }), seconds: [0.2, 0.4], healthy: 0, unhealthy: 2 },
    }),
  }),
  { name: 'profile', region: 'ap-southeast-1', account: '430000000019' },
);
