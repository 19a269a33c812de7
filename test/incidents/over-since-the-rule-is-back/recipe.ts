import { aSnapshot, groupMetrics, ingress, metrics, NOW, ruleChange, TG } from '../../support/a-snapshot.ts';
import { fleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

const requests = wandering(41, 1450, 0.08);
const none = wandering(0, 0, 0);
const failed = during(
  during(during(none, '13:52', '13:53', 610), '13:53', '14:04', (_, minute) => requests[143 + minute] ?? 0),
  '14:04',
  '14:05',
  702,
);
const ends = counts({ requests, failed: { '504': failed } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_504_Count ?? [],
  ...responseTimes(42, ends.HTTPCode_Target_2XX_Count, 0.08, 0.7),
};
const fromLoadBalancer = ingress('tcp', 8080, 8080, { group: 'sg-alb' });

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(4, 'm5.large', during(wandering(43, 35, 0.2, 1), '13:53', '14:04', 3.1)),
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'payments-5xx-share',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:payments-5xx-share',
      state: 'OK',
      previousState: 'ALARM',
      previousStateAt: today('13:55', '03'),
      metrics: ['HTTPCode_ELB_5XX_Count'],
    },
    changes: [
      ruleChange('revokes', 'sg-app', [fromLoadBalancer], {
        at: today('13:52', '21'),
        who: 'role/terraform (ci-118)',
        by: 'role',
        tool: 'Terraform',
      }),
      ruleChange('admits', 'sg-app', [fromLoadBalancer], { at: today('14:04', '29'), who: 'eva' }),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 4, 0), '13:53', '14:07', 0),
        'UnHealthyHostCount.max': during(none, '13:53', '14:07', 4),
      },
    }),
  }),
  { name: 'payments', region: 'ca-central-1', account: '556677889900' },
);
