import { aRuleTo, aSnapshot, deployment, groupArn, targetGroup } from '../../support/a-snapshot.ts';
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
import { during, elsewhere, inMinutes, recurring, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('cart');
const asked = wandering(931, 3700, 0.05);
const address = (index: number, of: number): string => `10.0.${10 + (index % 2)}.${of + index}`;
const indices = Array.from({ length: 10 }, (_, index) => index);
const clocks = recurring('14:02', '14:12', 1);
const young = { taskDefinition: 'cart:56', startedBy: 'ecs-svc/56' };
const size = { desired: 10, running: 10 };
const tasks = onFargate(
  'cart',
  GROUP,
  indices.map((index) => address(index, 120)),
  {
    tasks: indices.flatMap((index) => [
      runningTask('cart', address(index, 20), index, {
        ...{
          status: 'STOPPED',
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/55)',
        },
        ...{ stoppingAt: today(clocks[index] ?? '14:02', '50'), stoppedAt: today(clocks[index] ?? '14:02', '58') },
        containers: [{ name: 'app', exitCode: 143, reason: null }],
      }),
      runningTask('cart', address(index, 120), 20 + index, {
        ...young,
        createdAt: today(clocks[index] ?? '14:02', '01'),
        startedAt: today(clocks[index] ?? '14:02', '24'),
      }),
    ]),
    service: {
      ...{ taskDefinition: 'cart:56', maximumPercent: 110 },
      deployments: [
        deployment({
          id: 'ecs-svc/56',
          taskDefinition: 'cart:56',
          ...size,
          createdAt: today('14:01', '40'),
          updatedAt: today('14:14', '10'),
        }),
      ],
      events: [
        told('cart', '14:14', '(deployment ecs-svc/56) deployment completed.'),
        told('cart', '14:14', 'has reached a steady state.'),
        ...[...indices]
          .reverse()
          .map((index) =>
            told('cart', clocks[index] ?? '14:02', `has stopped 1 running tasks: (task ${taskName('cart', index)}).`),
          ),
      ],
    },
  },
);

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...tasks,
    ...routed(targetGroup('cart', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    changes: [
      changed(['14:01', '39'], 'role/release (cart-56)', 'ecs', 'UpdateService', ['prod/cart', GROUP], {
        ...{ is: 'settings', of: 'prod/cart', set: { taskDefinition: 'cart:56' } },
      }),
    ],
    ...afternoon(932, {
      [GROUP]: {
        asked,
        failed: { '502': inMinutes({ '14:04': 1, '14:09': 1 }) },
        seconds: [0.04, 0.35],
        healthy: during(step(10, '14:30', 10), '14:02', '14:12', 10),
        more: { 'UnHealthyHostCount.max': step(0, '14:30', 0) },
      },
    }),
  }),
  { name: 'grocery', region: 'us-east-1', account: '430000000014' },
);
