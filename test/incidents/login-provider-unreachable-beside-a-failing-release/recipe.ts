import {
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  ruleChange,
  securityGroup,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, forwardTo, inGroup, partOf, pathRule, routed, total } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { elsewhere, inMinutes, today, wandering } from '../../support/traffic.ts';

const SITE = groupArn('tickets');
const ADMIN = groupArn('admin');
const site = wandering(431, 960, 0.09);
const broken = partOf(site, 0.2, '14:02');
const admin = wandering(432, 48, 0.3);
const unauthenticated = partOf(admin, 0.82, '13:37');
const login = { type: 'other' as const, name: 'authenticate-oidc', hosts: ['login.example.com'] };
const four = fleet(4, 'm6g.medium', 29);
const egress = ingress('tcp', 8080, 8080, { cidr: '10.0.0.0/16' });

export const recipe = elsewhere(
  aSnapshot({
    ...four,
    ...routed(targetGroup('tickets'), targetGroup('admin')),
    listenerRules: [...aRuleTo(SITE), pathRule(1, '/admin/*', login, forwardTo(ADMIN))],
    targetHealth: [...inGroup(four.targetHealth, SITE), ...inGroup(four.targetHealth.slice(0, 2), ADMIN)],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })], [egress]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
    ],
    changes: [
      ruleChange('admits', 'sg-alb', [egress], {
        at: today('13:36', '02'),
        who: 'role/security-baseline',
        by: 'role',
        way: 'egress',
      }),
      ruleChange('revokes', 'sg-alb', [ingress('-1', null, null, { cidr: '0.0.0.0/0' })], {
        ...{ at: today('13:36', '04'), who: 'role/security-baseline', by: 'role', way: 'egress' },
      }),
    ],
    ...afternoon(
      433,
      {
        [SITE]: {
          asked: site,
          target: { '5XX': total([broken, inMinutes({ '12:14': 1, '13:20': 1 }, 0)]), '4XX': wandering(434, 22, 0.4) },
          seconds: [0.07, 0.6],
          healthy: 4,
        },
        [ADMIN]: { asked: admin, failed: { '500': unauthenticated }, seconds: [0.09, 0.8], healthy: 2 },
      },
      { ELBAuthError: unauthenticated.map((value) => value || null) },
    ),
  }),
  { name: 'boxoffice', region: 'eu-west-1', account: '410000000004' },
);
