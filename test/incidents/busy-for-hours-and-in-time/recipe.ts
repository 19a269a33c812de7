import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(1031, 140, 0.12);

export const recipe = elsewhere(
  aSnapshot({
    ...fleet(3, 'c6a.2xlarge', wandering(1032, 93, 0.03, 1)),
    ...afternoon(1033, { [TG]: { asked, seconds: [2.1, 6.4], healthy: 3 } }),
  }),
  { name: 'rendering', region: 'eu-central-1', account: '430000000024' },
);
