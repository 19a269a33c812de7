import {
  aSnapshot,
  groupMetrics,
  ingress,
  metrics,
  ruleChange,
  securityGroup,
  TG,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** Clients give up: 10,000 requests a minute become 400. CloudWatch has nothing of the last minute yet. */
const faded = (_: number, minute: number): number => Math.round(400 + 9400 * Math.exp(-minute / 4));
const requests = during(during(wandering(11, [9200, 10100], 0.05), '14:03', '14:30', faded), '14:29', '14:30', null);
const failed = during(
  during(wandering(0, 0, 0), '14:02', '14:03', 6130),
  '14:03',
  '14:30',
  (_, minute) => requests[153 + minute] ?? 0,
);
const ends = counts({ requests, failed: { '504': failed } });
const times = responseTimes(12, ends.HTTPCode_Target_2XX_Count, 0.062, 0.48);
const ofAll = { ...ends, TargetConnectionErrorCount: ends.HTTPCode_ELB_504_Count ?? [], ...times };
const sixInstances = fleet(6, 'c6i.large', during(wandering(13, 41, 0.15, 1), '14:04', '14:30', 2.4));
const fromLoadBalancer = ingress('tcp', 8080, 8080, { group: 'sg-alb' });

export const recipe = elsewhere(
  aSnapshot({
    ...sixInstances,
    targetGroups: [targetGroup('web')],
    targetHealth: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6'].map((id, index) =>
      target(id, {
        zone: index % 2 === 0 ? 'us-east-1a' : 'us-east-1b',
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'Request timed out',
      }),
    ),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.20.0.0/16' })]),
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [fromLoadBalancer], {
        at: today('14:02', '18'),
        who: 'role/platform-admin (jonas)',
        by: 'role',
      }),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 6, 0), '14:03', '14:30', 0),
        'UnHealthyHostCount.max': during(wandering(0, 0, 0), '14:03', '14:30', 6),
      },
    }),
  }),
  { name: 'checkout', region: 'eu-west-1', account: '210987654321' },
);
