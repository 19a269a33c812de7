import { aSnapshot, groupMetrics, metrics, NOW, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** One of five misses two checks at 14:16 while it compacts its heap, and is back two minutes later; no request failed. */
const ends = counts({ requests: wandering(271, 3100, 0.07), target: { '4XX': wandering(272, 22, 0.6) } });
const p99 = during(wandering(273, 0.5, 0.25, 3), '14:15', '14:17', 6.412);
const ofAll = { ...ends, ...responseTimes(274, ends.HTTPCode_Target_2XX_Count, 0.05, p99) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(5, 'r6i.large', 37),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'quotes-unhealthy-hosts',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:quotes-unhealthy-hosts',
      state: 'OK',
      previousState: 'ALARM',
      previousStateAt: '2026-03-10T14:18:00Z',
      metrics: ['UnHealthyHostCount'],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 5, 0), '14:16', '14:18', 4),
        'UnHealthyHostCount.max': during(wandering(0, 0, 0), '14:16', '14:18', 1),
      },
    }),
  }),
  { name: 'pricing', region: 'eu-south-2', account: '888899990000' },
);
