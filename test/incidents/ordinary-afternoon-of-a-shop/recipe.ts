import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** The afternoon's rise, and now and then a connection that is reset: two in the last half hour. */
const single = inMinutes({ '11:41': 1, '12:18': 1, '12:50': 2, '13:33': 1, '14:07': 1, '14:21': 1 });
const ends = counts({
  requests: wandering(201, [5200, 7900], 0.07),
  failed: { '502': single },
  target: { '4XX': wandering(202, [130, 190], 0.35), '3XX': wandering(203, 420, 0.2) },
});
const ofAll = { ...ends, ...responseTimes(204, ends.HTTPCode_Target_2XX_Count, 0.055, 0.62) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(4, 'm6g.large', wandering(205, [31, 47], 0.2, 1)),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(4), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'shop', region: 'eu-west-1', account: '111122223333' },
);
