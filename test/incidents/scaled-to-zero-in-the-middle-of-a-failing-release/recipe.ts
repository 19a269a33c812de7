import { aRuleTo, aSnapshot, deployment, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  noInstances,
  onFargate,
  partOf,
  routed,
  runningTask,
  step,
  taskName,
} from '../../support/afternoon.ts';
import { taskFailingChecks, told } from '../../support/fleet.ts';
import { during, elsewhere, recurring, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('recipes');
const asked = wandering(621, 530, 0.1);
const withoutTask = during(partOf(asked, 1, '14:12'), '14:11', '14:12', 260);
const replaced = recurring('13:29', '14:11', 4);
const ofNew = { taskDefinition: 'recipes:23', startedBy: 'ecs-svc/23' };
const failedTasks = replaced.map((clock, index) =>
  taskFailingChecks(
    taskName('recipes', index),
    `10.0.${10 + (index % 2)}.${141 + index}`,
    [replaced[index - 1] ?? '13:25', replaced[index - 1] ?? '13:25', clock],
    GROUP,
    {
      ...{ service: 'prod/recipes', ...ofNew },
    },
  ),
);
const oldTasks = ['10.0.10.31', '10.0.11.32', '10.0.10.33'].map((address, index) =>
  runningTask('recipes', address, 50 + index, {
    ...{
      taskDefinition: 'recipes:22',
      startedBy: 'ecs-svc/22',
      status: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
    },
    ...{ stoppingAt: today('14:11', '30'), stoppedAt: today('14:12', '02') },
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/22)',
    containers: [{ name: 'app', exitCode: 143, reason: null }],
  }),
);
const size = { desired: 0, running: 0 };
const off = onFargate('recipes', GROUP, [], {
  tasks: [...failedTasks, ...oldTasks],
  service: {
    taskDefinition: 'recipes:23',
    deployments: [
      deployment({
        ...{
          id: 'ecs-svc/23',
          taskDefinition: 'recipes:23',
          ...size,
          failedTasks: replaced.length,
          rolloutState: 'IN_PROGRESS',
        },
        rolloutReason: 'ECS deployment ecs-svc/23 in progress.',
        ...{ createdAt: today('13:24', '50'), updatedAt: today('14:11', '22') },
      }),
      deployment({ id: 'ecs-svc/22', status: 'ACTIVE', taskDefinition: 'recipes:22', ...size }),
    ],
    events: [
      told('recipes', '14:12', `deregistered 3 targets in (target-group ${GROUP})`),
      told(
        'recipes',
        '14:11',
        `has stopped 3 running tasks: ${[50, 51, 52].map((index) => `(task ${taskName('recipes', index)})`).join(' ')}.`,
      ),
      ...[...replaced].reverse().flatMap((clock, back) => {
        const index = replaced.length - 1 - back;
        return [
          told('recipes', clock, `has started 1 tasks: (task ${taskName('recipes', index + 1)}).`),
          told('recipes', clock, `has stopped 1 running tasks: (task ${taskName('recipes', index)}).`),
          told(
            'recipes',
            clock,
            `(task ${taskName('recipes', index)}) (port 8080) is unhealthy in (target-group ${GROUP}) due to (reason Health checks failed with these codes: [404]).`,
          ),
        ];
      }),
    ],
  },
});

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...off,
    ...routed(targetGroup('recipes', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    changes: [
      changed(['13:24', '49'], 'role/deploy (recipes-23)', 'ecs', 'UpdateService', ['prod/recipes', GROUP], {
        ...{ is: 'settings', of: 'prod/recipes', set: { taskDefinition: 'recipes:23' } },
      }),
      changed(['14:11', '21'], 'pavel', 'ecs', 'UpdateService', ['prod/recipes', GROUP], {
        ...{ is: 'settings', of: 'prod/recipes', set: { desiredCount: '0' } },
      }),
    ],
    ...afternoon(622, {
      [GROUP]: {
        asked,
        failed: { '503': withoutTask },
        target: { '4XX': during(wandering(623, 9, 0.5), '14:12', '14:30', null) },
        seconds: [0.05, 0.4],
        healthy: step(3, '14:12', 0),
        unhealthy: during(step(0, '14:30', 0), '13:26', '14:11', (_, minute) => (minute % 4 === 3 ? 0 : 1)),
      },
    }),
  }),
  { name: 'cookbook', region: 'ap-southeast-1', account: '420000000003' },
);
