import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon, changed, step } from '../../support/afternoon.ts';
import { activity, member, scalingGroup } from '../../support/auto-scaling.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, today, wandering } from '../../support/traffic.ts';

const asked = wandering(841, 1900, 0.06);
const six = fleet(6, 'm6g.large', 33);

export const recipe = elsewhere(
  aSnapshot({
    ...six,
    instances: six.instances.map((one) => (one.id === 'i-6' ? { ...one, launchedAt: today('14:10') } : one)),
    autoScalingInstances: six.instances.map(({ id }) => member(id)),
    autoScalingGroups: [
      scalingGroup({
        ...{ min: 6, max: 12, desired: 6, instances: six.instances.map(({ id }) => member(id)) },
        activities: [
          activity('14:09', 'Terminating EC2 instance: i-0fa9', {
            cause:
              'At 2026-03-10T14:09:00Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.',
          }),
          activity('14:10', 'Launching a new EC2 instance: i-6', {
            cause:
              'At 2026-03-10T14:10:00Z an instance was launched in response to an unhealthy instance needing to be replaced.',
          }),
        ],
      }),
    ],
    changes: [
      changed(['14:08', '10'], 'role/fault-injection (game-day)', 'ec2', 'TerminateInstances', ['i-0fa9'], {
        ...{ is: 'instances', does: 'terminates', instanceIds: ['i-0fa9'] },
      }),
    ],
    ...afternoon(842, {
      [TG]: {
        asked,
        failed: { '502': inMinutes({ '14:08': 2 }) },
        seconds: [0.05, 0.4],
        healthy: during(step(6, '14:30', 6), '14:08', '14:13', 5),
        unhealthy: 0,
      },
    }),
  }),
  { name: 'payments', region: 'eu-west-2', account: '430000000005' },
);
