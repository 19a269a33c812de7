import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const asked = wandering(891, 800, 0.08);

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(4, 'm5.large', 30),
    ...afternoon(
      892,
      {
        [TG]: {
          asked,
          failed: { '503': inMinutes({ '14:11': 40, '14:12': 26 }, 0) },
          seconds: [0.05, 0.4],
          healthy: 4,
        },
      },
      { CapacityUtilization: wandering(893, 22, 0.1, 1), ActiveConnectionCount: wandering(894, 1900, 0.1) },
    ),
  }),
  { name: 'museum', region: 'eu-south-1', account: '430000000010' },
);
