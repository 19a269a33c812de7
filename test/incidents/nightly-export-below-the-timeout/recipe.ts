import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** At night: an export asks for large pages from 14:05 on, answered in up to 50 of the 60 seconds that there are; one was later. */
const ends = counts({
  requests: during(wandering(291, [22, 15], 0.35), '14:05', '14:30', (value) => value + 6),
  failed: { '504': inMinutes({ '14:19': 1 }) },
});
const p99 = during(wandering(292, 0.9, 0.3, 3), '14:05', '14:30', (_, minute) =>
  Number((19.4 + ((minute * 3.7) % 13)).toFixed(2)),
);
const times = responseTimes(293, ends.HTTPCode_Target_2XX_Count, 0.12, p99);
const max = times['TargetResponseTime.max'].map((value) => value && Math.min(51.3, value));
const ofAll = { ...ends, ...times, 'TargetResponseTime.max': max };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm5.large', during(wandering(294, 5, 0.4, 1), '14:05', '14:30', 31.7)),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(2), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'backoffice', region: 'ca-west-1', account: '121212121212', hoursLater: 12 },
);
