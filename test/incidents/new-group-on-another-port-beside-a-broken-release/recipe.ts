import { aRuleTo, aSnapshot, groupArn, ingress, securityGroup, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  forwardTo,
  inGroup,
  partOf,
  pathRule,
  routed,
  step,
  total,
} from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const MAIN = groupArn('main');
const CHAT = groupArn('chat');
const main = wandering(491, 830, 0.08);
const broken = partOf(main, 0.4, '13:50');
const chat = wandering(492, 74, 0.2);
const refused = during(partOf(chat, 1, '14:11'), '14:10', '14:11', 40);
const two = fleet(2, 'm6i.xlarge', 37);

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup('main'), targetGroup('chat', { port: 8088 })),
    listenerRules: [...aRuleTo(MAIN), pathRule(7, '/chat/*', forwardTo(CHAT))],
    targetHealth: [
      ...inGroup(two.targetHealth, MAIN),
      ...inGroup(two.targetHealth, CHAT, {
        ...{ port: 8088, healthCheckPort: 8088, state: 'unhealthy', reason: 'Target.FailedHealthChecks' },
        description: 'Health checks failed',
      }),
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8099, { group: 'sg-alb' })]),
    ],
    changes: [
      changed(['14:09', '51'], 'tomasz', 'elasticloadbalancing', 'RegisterTargets', [CHAT, 'i-1', 'i-2'], {
        ...{ is: 'targets', does: 'registers', targetGroup: CHAT, ids: ['i-1', 'i-2'] },
      }),
      changed(['14:10', '03'], 'tomasz', 'elasticloadbalancing', 'DeregisterTargets', [CHAT, 'i-1', 'i-2'], {
        ...{ is: 'targets', does: 'deregisters', targetGroup: CHAT, ids: ['i-1', 'i-2'] },
      }),
    ],
    ...afternoon(493, {
      [MAIN]: {
        asked: main,
        target: { '5XX': total([broken, inMinutes({ '12:02': 1 }, 0)]), '4XX': wandering(494, 19, 0.5) },
        seconds: [0.09, 0.9],
        healthy: 2,
      },
      [CHAT]: {
        asked: chat,
        failed: { '502': refused },
        refused,
        seconds: [0.03, 0.3],
        healthy: step(2, '14:10', 0),
        unhealthy: step(0, '14:10', 2),
      },
    }),
  }),
  { name: 'dating', region: 'eu-west-3', account: '410000000010' },
);
