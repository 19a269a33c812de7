import {
  aSnapshot,
  groupMetrics,
  instance,
  instanceMetrics,
  metrics,
  status,
  TG,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import {
  counts,
  elsewhere,
  inMinutes,
  ofItsGroup,
  recurring,
  responseTimes,
  wandering,
} from '../../support/traffic.ts';

/** The last one is four minutes ago, the next is due in three. */
const bursts = recurring('13:36', '14:30', 7);
const of = (value: (index: number) => number, otherwise = 0) =>
  inMinutes(Object.fromEntries(bursts.map((clock, index) => [clock, value(index)])), otherwise);

const requests = wandering(51, 92, 0.2);
const refused = of((index) => 52 + ((index * 7) % 13));
const ends = counts({ requests, failed: { '502': refused } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(52, ends.HTTPCode_Target_2XX_Count, 0.35, 2.4),
};
const group = targetGroup('web');
const healthCheck = { ...group.healthCheck, intervalSeconds: 10, healthyThreshold: 2 };

export const recipe = elsewhere(
  aSnapshot({
    targetGroups: [{ ...group, healthCheck }],
    targetHealth: [target('i-1')],
    instances: [instance('i-1', { type: 'm5.large' })],
    instanceStatus: [status('i-1')],
    instanceMetrics: instanceMetrics({
      'i-1': { CPUUtilization: wandering(53, 27, 0.4, 1), StatusCheckFailed: wandering(0, 0, 0) },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': of(() => 0, 1), 'UnHealthyHostCount.max': of(() => 1) },
    }),
  }),
  { name: 'reports', region: 'eu-central-1', account: '667788990011' },
);
