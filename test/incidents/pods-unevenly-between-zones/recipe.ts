import {
  always,
  aSnapshot,
  groupMetrics,
  instance,
  instanceMetrics,
  LB,
  metrics,
  status,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { addressTarget, nodeInterface } from '../../support/fleet.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Three pods in one zone, one in the other; requests go to all of them alike. */
const requests = wandering(281, 2750, 0.06);
const single = inMinutes({ '12:05': 1, '14:09': 1 });
const ends = counts({ requests, failed: { '502': single }, target: { '4XX': wandering(282, 55, 0.3) } });
const ofAll = { ...ends, ...responseTimes(283, ends.HTTPCode_Target_2XX_Count, 0.04, 0.29) };
const inA = requests.map((value) => Math.round((value ?? 0) * 0.52));

export const recipe = elsewhere(
  aSnapshot({
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: ['10.0.10.31', '10.0.10.32', '10.0.10.33', '10.0.11.34'].map((address) => addressTarget(address)),
    targetInterfaces: [
      nodeInterface('i-1', '10.0.10.31', '10.0.10.32', '10.0.10.33'),
      nodeInterface('i-2', '10.0.11.34'),
    ],
    instances: ['i-1', 'i-2'].map((id) => instance(id, { type: 'm6i.xlarge' })),
    instanceStatus: ['i-1', 'i-2'].map((id) => status(id)),
    instanceMetrics: instanceMetrics({
      'i-1': { CPUUtilization: wandering(284, 58, 0.15, 1), StatusCheckFailed: always(0) },
      'i-2': { CPUUtilization: wandering(285, 23, 0.2, 1), StatusCheckFailed: always(0) },
    }),
    zoneMetrics: {
      grid: { from: '2026-03-10T11:30:00Z', minutes: 180 },
      of: [
        {
          id: 'us-east-1a',
          values: {
            RequestCount: inA,
            HTTPCode_ELB_5XX_Count: inMinutes({ '14:09': 1 }),
            HTTPCode_ELB_502_Count: inMinutes({ '14:09': 1 }),
          },
        },
        {
          id: 'us-east-1b',
          values: { RequestCount: requests.map((value, index) => (value ?? 0) - (inA[index] ?? 0)) },
        },
      ],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(4), 'UnHealthyHostCount.max': always(0) },
    }),
    tags: {
      [LB]: {},
      [TG]: {
        'elbv2.k8s.aws/cluster': 'prod',
        'ingress.k8s.aws/stack': 'maps/web',
        'ingress.k8s.aws/resource': 'maps/tiles:8080',
      },
    },
  }),
  { name: 'k8s-maps-web-77ab', region: 'eu-west-3', account: '999900001111' },
);
