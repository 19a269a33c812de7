import { always, aSnapshot, change, groupMetrics, LB, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** The listener gets next year's certificate at 14:10; a single 502 a minute later has nothing to do with it. */
const ends = counts({
  requests: wandering(311, 1680, 0.07),
  failed: { '502': inMinutes({ '11:58': 1, '13:24': 1, '14:11': 1 }) },
  target: { '4XX': wandering(312, 16, 0.6) },
});
const ofAll = {
  ...ends,
  HTTPCode_ELB_4XX_Count: wandering(313, 5, 0.9),
  ...responseTimes(314, ends.HTTPCode_Target_2XX_Count, 0.06, 0.44),
};
const listener = `${LB}/listener-443`;

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'c6i.large', 33),
    listeners: [{ arn: listener, port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' }],
    listenerRules: [
      {
        arn: `${LB}/rule-default`,
        listenerArn: listener,
        priority: null,
        actions: [{ type: 'forward', to: [{ targetGroup: TG, weight: 1 }] }],
        conditions: [],
      },
    ],
    changes: [
      change(
        { is: 'routing', of: listener, to: [] },
        {
          ...{ at: today('14:10', '09'), who: 'role/certificates', by: 'role', event: 'ModifyListener' },
          ...{ source: 'elasticloadbalancing.amazonaws.com', resources: [listener] },
        },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(3), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'account', region: 'eu-north-1', account: '141414141414' },
);
