import { aSnapshot, groupMetrics, metrics, TG, target } from '../../support/a-snapshot.ts';
import { member, scalingGroup, shrunk } from '../../support/auto-scaling.ts';
import { fleet, inFleet } from '../../support/fleet.ts';
import { counts, during, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Traffic falls, and Auto Scaling takes one of five away at 14:26; it drains. */
const ends = counts({
  requests: wandering(261, [4800, 2100], 0.07),
  failed: { '502': inMinutes({ '12:37': 1, '14:27': 1 }) },
});
const ofAll = { ...ends, ...responseTimes(262, ends.HTTPCode_Target_2XX_Count, 0.05, 0.47) };
const four = fleet(4, 'm5.large', wandering(263, [46, 24], 0.15, 1));

export const recipe = elsewhere(
  aSnapshot({
    ...four,
    targetHealth: [
      ...four.targetHealth,
      target('i-9', {
        state: 'draining',
        reason: 'Target.DeregistrationInProgress',
        description: 'Target deregistration is in progress',
      }),
    ],
    instances: [...four.instances, inFleet('i-9', 4, 'm5.large')],
    autoScalingInstances: ['i-1', 'i-2', 'i-3', 'i-4']
      .map((id) => member(id))
      .concat([member('i-9', 'Terminating:Wait')]),
    autoScalingGroups: [
      scalingGroup({
        ...{ min: 2, max: 8, desired: 4, instances: ['i-1', 'i-2', 'i-3', 'i-4'].map((id) => member(id)) },
        activities: [
          shrunk(
            '14:12',
            'a monitor alarm TargetTracking-web-asg-AlarmLow in state ALARM triggered policy cpu-45',
            5,
            4,
          ),
        ],
      }),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 5, 0), '14:26', '14:30', 4),
        'UnHealthyHostCount.max': wandering(0, 0, 0),
      },
    }),
  }),
  { name: 'timesheets', region: 'ap-southeast-1', account: '777788889999' },
);
