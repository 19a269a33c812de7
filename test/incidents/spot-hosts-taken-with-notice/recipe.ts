import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { activity, member, scalingGroup } from '../../support/auto-scaling.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(1021, 2300, 0.06);
const eight = fleet(8, 'm6i.large', 37);
const young = ['i-7', 'i-8'];

export const recipe = elsewhere(
  aSnapshot({
    ...eight,
    instances: eight.instances.map((one) => ({
      ...one,
      spot: true,
      ...(young.includes(one.id) ? { launchedAt: today('14:08') } : {}),
    })),
    autoScalingInstances: eight.instances.map(({ id }) => member(id)),
    autoScalingGroups: [
      scalingGroup({
        ...{ min: 8, max: 16, desired: 8, instances: eight.instances.map(({ id }) => member(id)) },
        activities: [
          ...['i-0b71', 'i-0b72'].map((id) =>
            activity('14:06', `Terminating EC2 instance: ${id}`, {
              cause:
                'At 2026-03-10T14:06:00Z an instance was taken out of service in response to an EC2 instance rebalance recommendation.',
            }),
          ),
          ...young.map((id) =>
            activity('14:08', `Launching a new EC2 instance: ${id}`, {
              cause:
                'At 2026-03-10T14:08:00Z an instance was launched in response to an instance rebalance recommendation.',
            }),
          ),
        ],
      }),
    ],
    ...afternoon(1022, {
      [TG]: {
        asked,
        target: { '4XX': wandering(1023, 45, 0.3) },
        seconds: [0.05, 0.4],
        healthy: during(step(8, '14:30', 8), '14:07', '14:13', 6),
      },
    }),
  }),
  { name: 'rides', region: 'us-east-2', account: '430000000023' },
);
