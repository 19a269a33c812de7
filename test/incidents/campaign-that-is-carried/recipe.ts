import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Two and a half times as many requests from 13:55 on; one in some 12,000 is answered 500, as before. */
const requests = during(wandering(341, 5600, 0.06), '13:55', '14:30', (value, minute) =>
  Math.round(value * Math.min(2.5, 1.3 + minute * 0.2)),
);
const ends = counts({
  requests,
  target: {
    '5XX': requests.map((value, index) =>
      Math.round(((value ?? 0) / 12000) * 2 * (wandering(342, 0.5, 1, 3)[index] ?? 0)),
    ),
  },
});
const ofAll = { ...ends, ...responseTimes(343, ends.HTTPCode_Target_2XX_Count, 0.06, 0.51) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(
      6,
      'c6i.xlarge',
      during(wandering(344, 22, 0.12, 1), '13:55', '14:30', (value) => Number((value * 2.3).toFixed(1))),
    ),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(6), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'deals', region: 'eu-west-1', account: '171717171717' },
);
