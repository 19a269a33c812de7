import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Full hours: three minutes of a partner's synchronisation. The targets are busier and slower then, and answer. */
const jobs = ['12:00', '13:00', '14:00'] as const;
const until = { '12:00': '12:03', '13:00': '13:03', '14:00': '14:03' } as const;
const atJobs = (values: readonly (number | null)[], other: (value: number) => number) =>
  jobs.reduce((series, clock) => during(series, clock, until[clock], other), values);
const ends = counts({
  requests: atJobs(wandering(241, 1250, 0.09), (value) => value * 3),
  failed: { '502': inMinutes({ '13:02': 1, '14:01': 1 }) },
});
const p99 = atJobs(wandering(242, 0.7, 0.25, 3), (value) => Number((value * 4).toFixed(3)));
const ofAll = { ...ends, ...responseTimes(243, ends.HTTPCode_Target_2XX_Count, 0.1, p99) };
const cpu = atJobs(wandering(244, 26, 0.2, 1), (value) => Number((value * 2.7).toFixed(1)));

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'm5.xlarge', cpu),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(3), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'partners', region: 'us-west-2', account: '555566667777' },
);
