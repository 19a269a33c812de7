import { always, aSnapshot, groupMetrics, metrics, NOW, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** One answer in some 3,500 is a 500, all afternoon; the credits fall and would last until the evening. */
const ends = counts({
  requests: wandering(251, 1460, 0.08),
  target: { '5XX': wandering(252, 0.42, 1), '4XX': wandering(253, 18, 0.5) },
});
const ofAll = { ...ends, ...responseTimes(254, ends.HTTPCode_Target_2XX_Count, 0.09, 0.85) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 't3.medium', 44, { CPUCreditBalance: wandering(255, [402, 267], 0.004, 1) }),
    creditModes: [
      { instanceId: 'i-1', mode: 'standard' },
      { instanceId: 'i-2', mode: 'standard' },
    ],
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'forum-5xx-any',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:forum-5xx-any',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-10T13:50:00Z',
      metrics: ['HTTPCode_Target_5XX_Count'],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(2), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'forum', region: 'us-east-2', account: '666677778888' },
);
