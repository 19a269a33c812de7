import {
  always,
  aSnapshot,
  groupMetrics,
  instance,
  instanceMetrics,
  LB,
  metrics,
  NOW,
  status,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { addressTarget, nodeInterface } from '../../support/fleet.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

const requests = wandering(71, 3050, 0.06);
/** Connections that are reset, for hours, without a period. */
const reset = inMinutes(
  {
    '11:52': 31,
    '12:09': 26,
    '12:31': 38,
    '12:44': 22,
    '13:07': 29,
    '13:20': 41,
    '13:41': 24,
    '13:58': 36,
    '14:16': 33,
    '14:26': 28,
  },
  0,
);
const ends = counts({
  requests,
  failed: { '502': reset },
  target: { '5XX': wandering(72, 9, 0.5), '4XX': wandering(73, 60, 0.3) },
});
const ofAll = { ...ends, ...responseTimes(74, ends.HTTPCode_Target_2XX_Count, 0.03, 0.26) };

export const recipe = elsewhere(
  aSnapshot({
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'shop-elb-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop-elb-5xx',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-10T14:17:00Z',
      reason: 'Threshold Crossed: 1 datapoint [28.0 (10/03/26 14:26:00)] was greater than the threshold (20.0).',
      metrics: ['HTTPCode_ELB_5XX_Count'],
      datapoints: [{ at: '2026-03-10T14:26:00Z', value: 28 }],
    },
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: ['10.0.10.31', '10.0.10.32', '10.0.11.33', '10.0.11.34'].map((address) => addressTarget(address)),
    targetInterfaces: [
      nodeInterface('i-1', '10.0.10.31', '10.0.10.32'),
      nodeInterface('i-2', '10.0.11.33', '10.0.11.34'),
    ],
    instances: ['i-1', 'i-2'].map((id) => instance(id, { type: 'm5.xlarge' })),
    instanceStatus: ['i-1', 'i-2'].map((id) => status(id)),
    instanceMetrics: instanceMetrics({
      'i-1': { CPUUtilization: wandering(75, 38, 0.2, 1), StatusCheckFailed: always(0) },
      'i-2': { CPUUtilization: wandering(76, 41, 0.2, 1), StatusCheckFailed: always(0) },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(4), 'UnHealthyHostCount.max': always(0) },
    }),
    tags: {
      [LB]: {},
      [TG]: {
        'elbv2.k8s.aws/cluster': 'prod',
        'ingress.k8s.aws/stack': 'shop/web',
        'ingress.k8s.aws/resource': 'shop/web-frontend:8080',
      },
    },
  }),
  { name: 'k8s-shop-web-9c1d', region: 'eu-north-1', account: '889900112233' },
);
