import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = during(wandering(901, 1200, 0.06), '14:00', '14:30', (_, minute) =>
  minute < 5 ? ([880, 510, 240, 110, 62][minute] ?? 0) : 36 + ((minute * 7) % 11),
);

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'm6g.large', during(wandering(902, 35, 0.15, 1), '14:03', '14:30', 4.1)),
    ...afternoon(903, { [TG]: { asked, seconds: [0.05, 0.4], healthy: 3 } }),
  }),
  { name: 'travel', region: 'eu-west-1', account: '430000000011' },
);
