import { aRuleTo, aSnapshot, deployment, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, noInstances, onFargate, routed, step, taskName } from '../../support/afternoon.ts';
import { taskFailingChecks, told } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, recurring, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('likes');
const asked = wandering(1041, 1600, 0.06);
const ADDRESSES = ['10.0.10.36', '10.0.11.37', '10.0.10.38'];
const tries = recurring('14:03', '14:16', 4);
const failedTasks = tries.map((clock, index) =>
  taskFailingChecks(
    taskName('likes', index + 10),
    `10.0.${10 + (index % 2)}.${151 + index}`,
    [tries[index - 1] ?? '13:59', tries[index - 1] ?? '13:59', clock],
    GROUP,
    {
      ...{ service: 'prod/likes', startedBy: 'ecs-svc/8', taskDefinition: 'likes:8' },
    },
  ),
);
const old = onFargate('likes', GROUP, ADDRESSES);
const size = { desired: 3, running: 3 };

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...old,
    ecsTasks: [...old.ecsTasks, ...failedTasks],
    ecsServices: old.ecsServices.map((service) => ({
      ...service,
      circuitBreaker: { enabled: true, rollsBack: true },
      deployments: [
        deployment({
          id: 'ecs-svc/9',
          taskDefinition: 'likes:7',
          ...size,
          rolloutReason: 'ECS deployment ecs-svc/9 completed.',
          createdAt: today('14:16', '12'),
          updatedAt: today('14:17'),
        }),
        deployment({
          ...{
            id: 'ecs-svc/8',
            status: 'INACTIVE',
            taskDefinition: 'likes:8',
            desired: 0,
            running: 0,
            failedTasks: tries.length,
          },
          ...{ rolloutState: 'FAILED', rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.' },
          ...{ createdAt: today('13:58', '20'), updatedAt: today('14:16', '12') },
        }),
      ],
      events: [
        told('likes', '14:17', 'has reached a steady state.'),
        told('likes', '14:16', '(deployment ecs-svc/8) deployment failed: tasks failed to start.'),
        told('likes', '14:16', 'rolling back to deployment ecs-svc/9.'),
        ...[...tries]
          .reverse()
          .map((clock) =>
            told(
              'likes',
              clock,
              `(task ${taskName('likes', 10 + tries.indexOf(clock))}) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [500]).`,
            ),
          ),
      ],
    })),
    ...routed(targetGroup('likes', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    changes: [
      changed(['13:58', '19'], 'role/release (likes-8)', 'ecs', 'UpdateService', ['prod/likes', GROUP], {
        ...{ is: 'settings', of: 'prod/likes', set: { taskDefinition: 'likes:8' } },
      }),
    ],
    ...afternoon(1042, {
      [GROUP]: {
        asked,
        failed: { '502': inMinutes({ '12:55': 1 }) },
        seconds: [0.03, 0.3],
        healthy: 3,
        unhealthy: during(step(0, '14:30', 0), '14:00', '14:16', 1),
      },
    }),
  }),
  { name: 'social', region: 'us-west-2', account: '430000000025' },
);
