import { always, aSnapshot, groupMetrics, ingress, metrics, ruleChange, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** An old office's SSH rule goes, and the backup server's port is opened: neither touches what the load balancer needs. */
const ends = counts({
  requests: wandering(301, 840, 0.1),
  failed: { '502': inMinutes({ '12:59': 1, '14:17': 1, '14:24': 1 }) },
});
const ofAll = { ...ends, ...responseTimes(302, ends.HTTPCode_Target_2XX_Count, 0.08, 0.66) };
const ssh = ingress('tcp', 22, 22, { cidr: '203.0.113.0/24' });
const backup = ingress('tcp', 9102, 9102, { cidr: '10.0.30.4/32' });

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm5.large', 21),
    securityGroups: [
      {
        ...{ id: 'sg-alb', name: 'sg-alb', vpcId: 'vpc-1', ownerId: '123456789012', tags: {} },
        ingress: [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })],
        egress: [ingress('-1', null, null, { cidr: '0.0.0.0/0' })],
      },
      {
        ...{ id: 'sg-app', name: 'sg-app', vpcId: 'vpc-1', ownerId: '123456789012', tags: {} },
        ingress: [ingress('tcp', 8080, 8080, { group: 'sg-alb' }), backup],
        egress: [ingress('-1', null, null, { cidr: '0.0.0.0/0' })],
      },
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [ssh], { at: today('14:16', '05'), who: 'nina' }),
      ruleChange('admits', 'sg-app', [backup], { at: today('14:16', '48'), who: 'nina' }),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: { ...ofItsGroup(ofAll), 'HealthyHostCount.min': always(2), 'UnHealthyHostCount.max': always(0) },
    }),
  }),
  { name: 'wiki', region: 'eu-central-1', account: '131313131313' },
);
