import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const asked = wandering(921, 1200, 0.06);
const longest = during(wandering(922, 0.7, 0.3, 2), '14:02', '14:28', (value, minute) =>
  minute % 9 === 0 ? 21 + minute : value,
);

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(2, 'm5.xlarge', 38),
    ...afternoon(923, {
      [TG]: {
        asked,
        failed: { '504': inMinutes({ '14:16': 1 }) },
        target: { '3XX': wandering(924, 90, 0.2) },
        seconds: [0.1, longest],
        healthy: 2,
      },
    }),
  }),
  { name: 'accounting', region: 'eu-central-2', account: '430000000013' },
);
