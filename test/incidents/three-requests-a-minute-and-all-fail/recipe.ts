import { aSnapshot, groupMetrics, metrics, NOW, TG, unhealthy } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** At night: 24 a minute when the application ended, and some three from then on. */
const none = wandering(0, 0, 0);
const requests = during(wandering(151, [31, 22], 0.25), '14:06', '14:30', (_, minute) =>
  minute < 6 ? 22 - 3 * minute : ([3, 2, 4, 3, 1][minute % 5] ?? 3),
);
const refused = during(during(none, '14:05', '14:06', 9), '14:06', '14:30', (_, minute) => requests[156 + minute] ?? 0);
const ends = counts({ requests, failed: { '502': refused } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(152, ends.HTTPCode_Target_2XX_Count, 0.2, 0.9),
};

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 't3.small', during(wandering(153, 6, 0.4, 1), '14:05', '14:30', 1.1)),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'intranet-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:intranet-5xx',
      state: 'OK',
      previousState: 'ALARM',
      previousStateAt: today('14:09', '30'),
      reason:
        'Threshold Crossed: 3 datapoints [4.0 (11/03/26 03:28:00), 2.0 (11/03/26 03:27:00), 3.0 (11/03/26 03:26:00)] were not greater than the threshold (10.0).',
      metrics: ['HTTPCode_ELB_5XX_Count'],
      datapoints: [
        { at: today('14:28'), value: 4 },
        { at: today('14:27'), value: 2 },
        { at: today('14:26'), value: 3 },
      ],
    },
    targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks')),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '14:06', '14:30', 0),
        'UnHealthyHostCount.max': during(none, '14:06', '14:30', 2),
      },
    }),
  }),
  { name: 'intranet', region: 'eu-central-2', account: '708090102030', hoursLater: 13 },
);
