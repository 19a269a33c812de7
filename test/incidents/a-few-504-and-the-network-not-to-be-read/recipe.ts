import { aSnapshot, denied, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(861, 300, 0.1);
const failed = during(step(0, '14:30', 0), '14:08', '14:30', (_, minute) => 6 + ((minute * 5) % 4));

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm5.large', 24),
    securityGroups: denied('ec2:DescribeSecurityGroups'),
    networkAcls: denied('ec2:DescribeNetworkAcls'),
    routeTables: denied('ec2:DescribeRouteTables'),
    ...afternoon(862, { [TG]: { asked, failed: { '504': failed }, seconds: [0.1, 0.9], healthy: 2 } }),
  }),
  { name: 'forms', region: 'eu-north-1', account: '430000000007' },
);
