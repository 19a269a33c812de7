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
import { told } from '../../support/fleet.ts';
import { during, elsewhere, recurring, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('tracker');
const asked = wandering(601, 240, 0.12);
const withoutTask = during(partOf(asked, 1, '14:09'), '14:08', '14:09', 101);
const tries = recurring('13:21', '14:08', 5);
const PULL =
  'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/tracker:2026.03.10: not found';
const failedTasks = tries.map((clock, index) =>
  runningTask('tracker', `10.0.${10 + (index % 2)}.${101 + index}`, index, {
    ...{ taskDefinition: 'tracker:41', startedBy: 'ecs-svc/41', status: 'STOPPED', stopCode: 'TaskFailedToStart' },
    ...{
      createdAt: today(clock, '10'),
      startedAt: null,
      stoppingAt: today(clock, '35'),
      stoppedAt: today(clock, '58'),
    },
    ...{ stoppedReason: PULL, containers: [{ name: 'app', exitCode: null, reason: null }] },
  }),
);
const oldTasks = ['10.0.10.21', '10.0.11.22'].map((address, index) =>
  runningTask('tracker', address, 40 + index, {
    ...{
      taskDefinition: 'tracker:40',
      startedBy: 'ecs-svc/40',
      status: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
    },
    ...{ stoppingAt: today('14:08', '25'), stoppedAt: today('14:08', '58') },
    stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/40)',
    containers: [{ name: 'app', exitCode: 0, reason: null }],
  }),
);
const size = { desired: 0, running: 0 };
const off = onFargate('tracker', GROUP, [], {
  tasks: [...failedTasks, ...oldTasks],
  service: {
    taskDefinition: 'tracker:41',
    deployments: [
      deployment({
        ...{
          id: 'ecs-svc/41',
          taskDefinition: 'tracker:41',
          ...size,
          failedTasks: tries.length,
          rolloutState: 'IN_PROGRESS',
        },
        rolloutReason: 'ECS deployment ecs-svc/41 in progress.',
        ...{ createdAt: today('13:20', '31'), updatedAt: today('14:08', '20') },
      }),
      deployment({ id: 'ecs-svc/40', status: 'ACTIVE', taskDefinition: 'tracker:40', ...size }),
    ],
    events: [
      told('tracker', '14:09', `deregistered 2 targets in (target-group ${GROUP})`),
      told(
        'tracker',
        '14:08',
        `has stopped 2 running tasks: (task ${taskName('tracker', 40)}) (task ${taskName('tracker', 41)}).`,
      ),
      ...[...tries]
        .reverse()
        .map((clock, back) =>
          told(
            'tracker',
            clock,
            `was unable to start a task: (task ${taskName('tracker', tries.length - 1 - back)}) failed to start: ${PULL}`,
          ),
        ),
    ],
  },
});

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...off,
    ...routed(targetGroup('tracker', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    changes: [
      changed(['13:20', '30'], 'role/deploy (tracker-118)', 'ecs', 'UpdateService', ['prod/tracker', GROUP], {
        ...{ is: 'settings', of: 'prod/tracker', set: { taskDefinition: 'tracker:41' } },
      }),
      changed(['14:08', '19'], 'dorota', 'ecs', 'UpdateService', ['prod/tracker', GROUP], {
        ...{ is: 'settings', of: 'prod/tracker', set: { desiredCount: '0' } },
      }),
    ],
    ...afternoon(602, {
      [GROUP]: { asked, failed: { '503': withoutTask }, seconds: [0.06, 0.5], healthy: step(2, '14:09', 0) },
    }),
  }),
  { name: 'logistics', region: 'eu-central-1', account: '420000000001' },
);
