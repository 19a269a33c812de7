import { aRuleTo, aSnapshot, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  forwardTo,
  inGroup,
  onFargate,
  partOf,
  pathRule,
  routed,
  step,
  taskName,
} from '../../support/afternoon.ts';
import { fleet, told } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const EXPORT = groupArn('export');
const SURVEYS = groupArn('surveys');
const asked = wandering(511, 360, 0.1);
const cutOff = during(partOf(asked, 0.31, '13:58'), '13:57', '13:58', 44);
const surveys = wandering(512, 88, 0.2);
const withoutTask = during(partOf(surveys, 1, '14:15'), '14:14', '14:15', 37);
const two = fleet(2, 'm5.large', 41, {
  mem_used_percent: wandering(513, 57, 0.03, 1),
  disk_used_percent: wandering(514, 44, 0.01, 1),
});
const off = onFargate('surveys', SURVEYS, [], {
  tasks: [],
  service: {
    events: [
      told('surveys', '14:15', 'has reached a steady state.'),
      told('surveys', '14:14', `deregistered 1 targets in (target-group ${SURVEYS})`),
      told('surveys', '14:14', `has stopped 1 running tasks: (task ${taskName('surveys', 0)}).`),
    ],
  },
});
const slow = wandering(515, 8.2, 0.1, 2);

export const recipe = elsewhere(
  aSnapshot({
    ...off,
    ...two,
    loadBalancerAttributes: { 'idle_timeout.timeout_seconds': '4' },
    ...routed(targetGroup('export'), targetGroup('surveys', { targetType: 'ip' })),
    listenerRules: [...aRuleTo(EXPORT), pathRule(9, '/surveys/*', forwardTo(SURVEYS))],
    targetHealth: inGroup(two.targetHealth, EXPORT),
    changes: [
      {
        ...changed(
          ['13:57', '06'],
          'role/terraform (infra-55)',
          'elasticloadbalancing',
          'ModifyLoadBalancerAttributes',
          [LB],
          {
            is: 'settings',
            of: LB,
            set: { 'idle_timeout.timeout_seconds': '4' },
          },
        ),
        tool: 'Terraform',
      },
      changed(['14:14', '12'], 'sabine', 'ecs', 'UpdateService', ['prod/surveys', SURVEYS], {
        is: 'settings',
        of: 'prod/surveys',
        set: { desiredCount: '0' },
      }),
    ],
    ...afternoon(516, {
      [EXPORT]: {
        asked,
        failed: { '504': cutOff },
        seconds: [2.1, during(slow, '13:58', '14:30', (_, minute) => 3.9 + (minute % 4) / 50)],
        healthy: 2,
      },
      [SURVEYS]: {
        asked: surveys,
        failed: { '503': withoutTask },
        seconds: [0.1, 0.6],
        healthy: step(1, '14:15', 0),
      },
    }),
  }),
  { name: 'marketing', region: 'eu-west-2', account: '410000000012' },
);
