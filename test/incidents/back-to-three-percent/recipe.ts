import { always, aSnapshot, groupMetrics, metrics, NOW, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

const requests = wandering(31, 2400, 0.07);
/** Now and then one, all day; all of them for ten minutes; since then three of a hundred. */
const failed = during(
  during(
    wandering(32, 0.6, 1),
    '14:04',
    '14:14',
    (_, minute) => (requests[154 + minute] ?? 0) - (minute === 0 ? 900 : 4),
  ),
  '14:14',
  '14:30',
  (_, minute) => wandering(33, 72, 0.2)[minute] ?? 0,
);
const ends = counts({ requests, target: { '5XX': failed, '4XX': wandering(34, 31, 0.4) } });
const ofAll = { ...ends, ...responseTimes(35, ends.HTTPCode_Target_2XX_Count, 0.045, 0.31) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'm6i.xlarge', 24),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'inventory-target-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:inventory-target-5xx',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-07T08:12:00Z',
      metrics: ['HTTPCode_Target_5XX_Count'],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(3), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'inventory', region: 'ap-southeast-2', account: '445566778899' },
);
