import { aSnapshot, ingress, LB, securityGroup, TG } from '../../support/a-snapshot.ts';
import { afternoon, changed } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const asked = during(wandering(911, 2500, 0.05), '13:56', '14:30', (value) => Math.round(value * 0.79));

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(4, 'c6g.large', 30),
    listeners: [
      { arn: `${LB}/listener-80`, port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' },
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 443, 443, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
    ],
    changes: [changed(['13:55', '20'], 'carla', 'elasticloadbalancing', 'ModifyListener', [`${LB}/listener-80`])],
    ...afternoon(912, {
      [TG]: {
        asked,
        failed: { '502': inMinutes({ '12:33': 1, '13:17': 1 }) },
        target: { '4XX': wandering(913, 60, 0.3) },
        seconds: [0.06, 0.5],
        healthy: 4,
      },
    }),
  }),
  { name: 'gaming', region: 'ap-northeast-2', account: '430000000012' },
);
