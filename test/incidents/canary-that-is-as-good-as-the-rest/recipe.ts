import { aRuleTo, aSnapshot, deployment, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  noInstances,
  onFargate,
  routed,
  runningTask,
  step,
  taskName,
} from '../../support/afternoon.ts';
import { told } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, today, wandering } from '../../support/traffic.ts';

const STABLE = groupArn('feed-stable');
const CANARY = groupArn('feed-canary');
const stable = wandering(811, 2100, 0.06);
const canary = during(wandering(812, 110, 0.15), '11:30', '13:50', null);
const old = onFargate('feed', STABLE, ['10.0.10.11', '10.0.11.12', '10.0.10.13']);
const young = onFargate('feed-canary', CANARY, ['10.0.11.14'], {
  service: {
    deployments: [
      deployment({
        desired: 1,
        running: 1,
        taskDefinition: 'feed-canary:7',
        createdAt: today('13:44'),
        updatedAt: today('13:49'),
      }),
    ],
    events: [
      told('feed-canary', '13:49', 'has reached a steady state.'),
      told('feed-canary', '13:45', `has started 1 tasks: (task ${taskName('feed-canary', 0)}).`),
    ],
  },
  tasks: [runningTask('feed-canary', '10.0.11.14', 0, { createdAt: today('13:45'), startedAt: today('13:46') })],
});

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...routed(targetGroup('feed-stable', { targetType: 'ip' }), targetGroup('feed-canary', { targetType: 'ip' })),
    listenerRules: aRuleTo(STABLE).map((rule) => ({
      ...rule,
      actions: [
        {
          type: 'forward' as const,
          to: [
            { targetGroup: STABLE, weight: 95 },
            { targetGroup: CANARY, weight: 5 },
          ],
        },
      ],
    })),
    targetHealth: [...old.targetHealth, ...young.targetHealth],
    targetInterfaces: [...old.targetInterfaces, ...young.targetInterfaces],
    ecsServices: [...old.ecsServices, ...young.ecsServices],
    ecsTasks: [...old.ecsTasks, ...young.ecsTasks],
    ecsTaskDefinitions: [...old.ecsTaskDefinitions, ...young.ecsTaskDefinitions],
    serviceMetrics: { ...old.serviceMetrics, of: [...old.serviceMetrics.of, ...young.serviceMetrics.of] },
    changes: [
      changed(['13:44', '03'], 'role/canary (feed-77)', 'ecs', 'UpdateService', ['prod/feed-canary', CANARY], {
        ...{ is: 'settings', of: 'prod/feed-canary', set: { desiredCount: '1' } },
      }),
      changed(
        ['13:50', '01'],
        'role/canary (feed-77)',
        'elasticloadbalancing',
        'ModifyListener',
        [`${LB}/listener-80`, STABLE, CANARY],
        {
          ...{ is: 'routing', of: `${LB}/listener-80` },
          to: [
            { targetGroup: STABLE, weight: 95 },
            { targetGroup: CANARY, weight: 5 },
          ],
        },
      ),
    ],
    ...afternoon(813, {
      [STABLE]: {
        asked: stable,
        failed: { '502': inMinutes({ '12:41': 1, '14:17': 1 }) },
        target: { '4XX': wandering(814, 40, 0.3) },
        seconds: [0.05, 0.5],
        healthy: 3,
      },
      [CANARY]: {
        asked: canary,
        seconds: [0.05, 0.5],
        healthy: step(null, '13:49', 1),
        unhealthy: step(null, '13:49', 0),
      },
    }),
  }),
  { name: 'feed', region: 'eu-west-1', account: '430000000002' },
);
