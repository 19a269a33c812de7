import { always, aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** From 13:38 on bots come as well: the web ACL answers them 403, and no target sees them. */
const ends = counts({
  requests: wandering(231, 1900, 0.08),
  failed: { '502': inMinutes({ '14:18': 1 }) },
  target: { '4XX': wandering(232, 25, 0.5) },
});
const ofAll = {
  ...ends,
  HTTPCode_ELB_4XX_Count: during(
    wandering(233, 14, 0.6),
    '13:38',
    '14:30',
    (_, minute) => 1240 + ((minute * 61) % 217),
  ),
  ...responseTimes(234, ends.HTTPCode_Target_2XX_Count, 0.07, 0.58),
};

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm5.large', 34),
    webAcl: {
      arn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/concerts-bots/2c7d2b11-3f4e-4a0f-9d21-6a6f0d1b9e55',
      name: 'concerts-bots',
      blocksWith5xx: [],
    },
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(2), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'concerts', region: 'eu-west-2', account: '444455556666' },
);
