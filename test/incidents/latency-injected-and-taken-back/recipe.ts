import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon, changed } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(851, 680, 0.08);
const two = fleet(2, 'm5.large', 28);

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    changes: [
      changed(['13:52', '00'], 'role/fault-injection (latency)', 'ssm', 'SendCommand', ['i-1', 'i-2']),
      changed(['14:02', '00'], 'role/fault-injection (latency)', 'ssm', 'SendCommand', ['i-1', 'i-2']),
    ],
    ...afternoon(852, {
      [TG]: {
        asked,
        target: { '4XX': wandering(853, 8, 0.6) },
        seconds: [0.07, during(wandering(854, 0.6, 0.3, 2), '13:52', '14:02', (_, minute) => 8.3 + (minute % 3) / 5)],
        healthy: 2,
      },
    }),
  }),
  { name: 'tickets', region: 'us-east-2', account: '430000000006' },
);
