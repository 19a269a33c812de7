import { aRuleTo, aSnapshot, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, inGroup, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const BLUE = groupArn('events-blue');
const GREEN = groupArn('events-green');
const asked = wandering(961, 870, 0.07);
const two = fleet(4, 'm5.large', 27);
const blue = during(asked, '14:06', '14:30', null);
const green = during(asked, '11:30', '14:05', null);

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup('events-blue', { loadBalancerArns: [] }), targetGroup('events-green')),
    listenerRules: aRuleTo(GREEN),
    targetHealth: inGroup(two.targetHealth.slice(2), GREEN),
    changes: [
      changed(
        ['14:05', '12'],
        'role/codedeploy',
        'elasticloadbalancing',
        'ModifyListener',
        [`${LB}/listener-80`, GREEN],
        {
          ...{ is: 'routing', of: `${LB}/listener-80`, to: [{ targetGroup: GREEN, weight: 1 }] },
        },
      ),
      changed(['14:20', '12'], 'role/codedeploy', 'elasticloadbalancing', 'DeregisterTargets', [BLUE, 'i-1', 'i-2'], {
        ...{ is: 'targets', does: 'deregisters', targetGroup: BLUE, ids: ['i-1', 'i-2'] },
      }),
    ],
    ...afternoon(962, {
      [BLUE]: {
        asked: during(blue, '14:05', '14:06', 400),
        seconds: [0.05, 0.4],
        healthy: during(step(2, '14:30', 2), '14:06', '14:30', null),
        unhealthy: during(step(0, '14:30', 0), '14:06', '14:30', null),
      },
      [GREEN]: {
        asked: during(green, '14:05', '14:06', 470),
        failed: { '502': inMinutes({ '14:06': 1 }) },
        seconds: [0.05, 0.45],
        healthy: during(step(2, '14:30', 2), '11:30', '14:05', null),
        unhealthy: during(step(0, '14:30', 0), '11:30', '14:05', null),
      },
    }),
  }),
  { name: 'events', region: 'eu-west-2', account: '430000000017' },
);
