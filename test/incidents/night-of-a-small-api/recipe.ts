import { aSnapshot, instance, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const asked = wandering(801, 1.1, 0.99).map((value, minute) => (minute % 3 === 0 ? (value ?? 0) + 1 : null));
const failed = inMinutes({ '14:03': 1 });
const [one] = fleet(1, 't4g.micro', 3).instances;

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(1, 't4g.micro', 3, {
      CPUCreditBalance: step(288, '14:30', 288),
      CPUSurplusCreditBalance: step(0, '14:30', 0),
    }),
    instances: [instance('i-1', { ...one, launchedAt: '2025-11-20T08:00:00Z' })],
    ...afternoon(802, {
      [TG]: { asked: during(asked, '14:03', '14:04', 2), failed: { '504': failed }, seconds: [0.2, 0.9], healthy: 1 },
    }),
  }),
  { name: 'webhooks', region: 'us-east-1', account: '430000000001', hoursLater: 13 },
);
