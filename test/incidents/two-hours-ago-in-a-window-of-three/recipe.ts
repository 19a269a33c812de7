import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Asked with `--since 3h`: the errors are two hours old, and of then only the metrics are left. */
const requests = wandering(171, 980, 0.09);
const failed = during(wandering(0, 0, 0), '11:54', '12:09', (_, minute) =>
  Math.round((requests[24 + minute] ?? 0) * (minute === 0 || minute === 14 ? 0.2 : 0.41)),
);
const ends = counts({ requests, target: { '5XX': failed, '4XX': wandering(172, 14, 0.5) } });
const ofAll = { ...ends, ...responseTimes(173, ends.HTTPCode_Target_2XX_Count, 0.05, 0.38) };

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'm6g.large', 27),
    windowSeconds: 10_800,
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(3), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'address-book', region: 'eu-central-1', account: '181818181818' },
);
