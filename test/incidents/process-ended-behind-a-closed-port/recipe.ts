import { aSnapshot, ingress, ruleChange, securityGroup, TG, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, inGroup, partOf, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(615, 350, 0.12);
const silent = during(partOf(asked, 1, '13:55'), '13:54', '13:55', 160);
const two = fleet(
  2,
  'r6g.large',
  during(during(wandering(616, 28, 0.2, 1), '13:55', '14:30', 5.3), '14:10', '14:30', 1.2),
);
const check = {
  id: 'asc-1',
  status: 'failed',
  reason: 'ConnectionRefused',
  statusCode: null,
  port: 8080,
  path: '/health',
};

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup()),
    targetHealth: inGroup(two.targetHealth, TG, {
      ...{ state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' },
    }),
    applicationStatus: two.instances.map(({ id }) => ({
      instanceId: id,
      status: 'impaired',
      checks: [{ ...check, since: today('14:10', '40') }],
    })),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-checks' })]),
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
        ...{ at: today('13:54', '20'), who: 'role/firewall-review', by: 'role' },
      }),
    ],
    ...afternoon(617, {
      [TG]: {
        asked,
        failed: { '504': silent },
        refused: silent,
        seconds: [0.09, 0.8],
        healthy: step(2, '13:55', 0),
        unhealthy: step(0, '13:55', 2),
      },
    }),
  }),
  { name: 'dispatch', region: 'sa-east-1', account: '420000000012' },
);
