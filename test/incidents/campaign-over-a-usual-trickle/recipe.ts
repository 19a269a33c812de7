import { always, aSnapshot, groupMetrics, metrics, NOW, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** A newsletter goes out at 13:54; the instances are at their limit from 14:11, and errors rise from 14:13. */
const ordinary = wandering(161, 4100, 0.05);
const requests = during(ordinary, '13:54', '14:30', (value, minute) =>
  Math.round(value * Math.min(2.4, 1 + minute * 0.075)),
);
const one = (index: number): number => wandering(162, 0.0005, 0.6, 6)[index] ?? 0;
const usual = requests.map((value, index) => Math.round((value ?? 0) * one(index)));
const ill = during(usual, '14:13', '14:30', (_, minute) =>
  Math.round((requests[163 + minute] ?? 0) * Math.min(0.06, 0.02 * (minute + 1))),
);
const late = during(wandering(0, 0, 0), '14:13', '14:30', (_, minute) =>
  Math.round((requests[163 + minute] ?? 0) * Math.min(0.03, 0.008 * (minute + 1))),
);
const ends = counts({ requests, failed: { '504': late }, target: { '5XX': ill } });
const slow = during(
  during(wandering(163, 0.62, 0.25, 3), '14:08', '14:13', (_, minute) => [1.4, 2.1, 4.2, 7.9, 14.6][minute] ?? 14),
  '14:13',
  '14:30',
  (_, minute) => 31 + ((minute * 7) % 19),
);
const ofAll = { ...ends, ...responseTimes(164, ends.HTTPCode_Target_2XX_Count, 0.09, slow) };
const cpu = during(
  during(wandering(165, 39, 0.08, 1), '13:54', '14:11', (value, minute) =>
    Number(Math.min(89, value * (1 + minute * 0.08)).toFixed(1)),
  ),
  '14:11',
  '14:30',
  (_, minute) => 97.2 + (minute % 4) * 0.6,
);

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(4, 'c5.large', cpu),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'events-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:events-5xx',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-10T14:16:20Z',
      metrics: ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count'],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(4), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'events', region: 'ap-south-1', account: '809010203040' },
);
