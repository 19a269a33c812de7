import { aSnapshot, TG } from '../../support/a-snapshot.ts';
import { afternoon, step } from '../../support/afternoon.ts';
import { activity, member, scalingGroup } from '../../support/auto-scaling.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, today, wandering } from '../../support/traffic.ts';

const asked = wandering(831, 310, 0.08).map((value, minute) =>
  Math.round((value ?? 0) * (minute < 120 || minute >= 170 ? 1 : Math.min(10, 1 + (minute - 120) * 0.45))),
);
const six = fleet(
  6,
  'c6i.large',
  during(wandering(832, 18, 0.2, 1), '13:32', '14:20', (_, minute) =>
    minute < 14 ? 40 + minute * 3.2 : 71 + (minute % 5),
  ),
);
const young = ['i-3', 'i-4', 'i-5', 'i-6'];

export const recipe = elsewhere(
  aSnapshot({
    ...six,
    instances: six.instances.map((one) => (young.includes(one.id) ? { ...one, launchedAt: today('13:40') } : one)),
    autoScalingInstances: six.instances.map(({ id }) => member(id)),
    autoScalingGroups: [
      scalingGroup({
        ...{ min: 2, max: 12, desired: 6, instances: six.instances.map(({ id }) => member(id)) },
        activities: young.map((id) =>
          activity('13:40', `Launching a new EC2 instance: ${id}`, {
            cause:
              'At 2026-03-10T13:39:41Z a monitor alarm TargetTracking-web-asg-AlarmHigh in state ALARM triggered policy cpu-60 changing the desired capacity from 2 to 6. At 2026-03-10T13:39:50Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 2 to 6.',
          }),
        ),
      }),
    ],
    ...afternoon(833, {
      [TG]: {
        asked,
        failed: { '502': inMinutes({ '13:44': 1, '14:05': 1 }) },
        seconds: [0.06, during(wandering(834, 0.4, 0.3, 2), '13:34', '14:20', (_, minute) => 0.8 + (minute % 7) / 20)],
        healthy: step(2, '13:43', 6),
        unhealthy: 0,
      },
    }),
  }),
  { name: 'staging-shop', region: 'eu-central-1', account: '430000000004' },
);
