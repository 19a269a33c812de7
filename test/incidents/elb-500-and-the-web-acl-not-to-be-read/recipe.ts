import { aSnapshot, denied, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(991, 650, 0.08);
const failed = during(step(0, '14:30', 0), '14:04', '14:30', (_, minute) => 1 + (minute % 2));

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm6g.large', 26),
    webAcl: denied('wafv2:GetWebACLForResource'),
    changes: denied('cloudtrail:LookupEvents'),
    failedCalls: denied('cloudtrail:LookupEvents'),
    ...afternoon(992, { [TG]: { asked, failed: { '500': failed }, seconds: [0.06, 0.5], healthy: 2 } }),
  }),
  { name: 'pharmacy', region: 'eu-north-1', account: '430000000020' },
);
