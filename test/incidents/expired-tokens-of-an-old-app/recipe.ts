import { always, aSnapshot, groupMetrics, metrics, NOW, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** From 14:05 on a third of the requests is answered 401: an old version of the app keeps trying with a token that expired. */
const ends = counts({
  requests: during(wandering(221, 3400, 0.06), '14:05', '14:30', (value) => Math.round(value * 1.35)),
  failed: { '502': inMinutes({ '13:12': 1 }) },
  target: { '4XX': during(wandering(222, 85, 0.3), '14:05', '14:30', (_, minute) => 1190 + ((minute * 37) % 113)) },
});
const ofAll = { ...ends, ...responseTimes(223, ends.HTTPCode_Target_2XX_Count, 0.04, 0.33) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'c6g.large', 29),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'mobile-api-target-4xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:mobile-api-target-4xx',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-01T05:00:00Z',
      metrics: ['HTTPCode_Target_4XX_Count'],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(3), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'mobile-api', region: 'us-east-1', account: '333344445555' },
);
