import {
  aRuleTo,
  aSnapshot,
  groupArn,
  instance,
  instanceMetrics,
  status,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, forwardTo, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const ORDERS = groupArn('orders');
const IMAGES = groupArn('images');
const orders = wandering(471, 290, 0.12);
const withoutTarget = during(partOf(orders, 1, '13:59'), '13:58', '13:59', 131);
const images = wandering(472, 610, 0.1);
const silent = during(partOf(images, 1, '14:12'), '14:11', '14:12', 270);
const [, second] = fleet(2, 'm5.xlarge', 20).instances;
const host = instance('i-2', { ...second, type: 'm5.xlarge', tags: { Name: 'images-1' } });
const failing = step(0, '14:11', 1);
const impaired = { status: 'impaired', impairedSince: today('14:11') };

export const recipe = elsewhere(
  aSnapshot({
    instances: [host],
    instanceStatus: [status('i-2', { instance: impaired })],
    instanceMetrics: instanceMetrics({
      'i-2': {
        CPUUtilization: during(wandering(473, 33, 0.2, 1), '14:11', '14:30', 0.4),
        StatusCheckFailed: failing,
        StatusCheckFailed_Instance: failing,
        StatusCheckFailed_System: step(0, '14:30', 0),
      },
    }),
    ...routed(targetGroup('orders'), targetGroup('images')),
    listenerRules: [...aRuleTo(ORDERS), pathRule(4, '/images/*', forwardTo(IMAGES))],
    targetHealth: [
      target('i-2', {
        targetGroup: IMAGES,
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'Request timed out',
      }),
    ],
    changes: [
      changed(
        ['13:58', '29'],
        'role/migration (batch-7)',
        'elasticloadbalancing',
        'DeregisterTargets',
        [ORDERS, 'i-0c41', 'i-0c42'],
        {
          ...{ is: 'targets', does: 'deregisters', targetGroup: ORDERS, ids: ['i-0c41', 'i-0c42'] },
        },
      ),
    ],
    ...afternoon(474, {
      [ORDERS]: {
        asked: orders,
        failed: { '503': withoutTarget },
        seconds: [0.05, 0.5],
        healthy: step(2, '13:59', null),
        unhealthy: step(0, '13:59', null),
      },
      [IMAGES]: {
        asked: images,
        failed: { '504': silent },
        refused: silent,
        seconds: [0.02, 0.2],
        healthy: step(1, '14:12', 0),
        unhealthy: step(0, '14:12', 1),
      },
    }),
  }),
  { name: 'bookstore', region: 'ap-southeast-2', account: '410000000008' },
);
