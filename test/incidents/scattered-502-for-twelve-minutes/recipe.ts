import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(871, 900, 0.07);
const failed = during(step(0, '14:30', 0), '14:18', '14:30', (_, minute) => 3 + (minute % 2));

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'm6i.large', 31),
    ...afternoon(872, {
      [TG]: {
        asked,
        failed: { '502': failed },
        target: { '4XX': wandering(873, 17, 0.4) },
        seconds: [0.06, 0.6],
        healthy: 3,
      },
    }),
  }),
  { name: 'reviews', region: 'us-west-1', account: '430000000008' },
);
