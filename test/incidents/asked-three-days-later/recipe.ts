import { aSnapshot, NOW, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(1011, 410, 0.1);
const failed = during(step(0, '14:30', 0), '14:12', '14:30', (_, minute) => 8 + ((minute * 3) % 5));
const two = fleet(2, 'm5.large', 29);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };

export const recipe = elsewhere(
  aSnapshot({
    readAt: '2026-03-13T09:41:00Z',
    trigger: { kind: 'cli', at: NOW },
    ...two,
    instances: two.instances.map((one) =>
      one.id === 'i-2' ? { ...one, state: 'stopped', stateReason: stop, stateSince: '2026-03-12T18:03:11Z' } : one,
    ),
    instanceStatus: two.instanceStatus.slice(0, 1),
    targetHealth: two.targetHealth.map((one) =>
      one.id === 'i-2'
        ? {
            ...one,
            state: 'unused' as const,
            reason: 'Target.InvalidState',
            description: 'Target is in the stopped state',
          }
        : one,
    ),
    ...afternoon(1012, { [TG]: { asked, failed: { '502': failed }, seconds: [0.07, 0.6], healthy: 2 } }),
  }),
  { name: 'library', region: 'ca-central-1', account: '430000000022' },
);
