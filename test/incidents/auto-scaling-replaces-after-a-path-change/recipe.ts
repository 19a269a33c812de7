import type { ScalingActivity } from '../../../lambda/incident/evidence.ts';
import { aSnapshot, change, groupMetrics, metrics, TG, target, targetGroup } from '../../support/a-snapshot.ts';
import { activity, member, scalingGroup } from '../../support/auto-scaling.ts';
import { fleet } from '../../support/fleet.ts';
import {
  counts,
  during,
  elsewhere,
  inMinutes,
  ofItsGroup,
  recurring,
  responseTimes,
  today,
  wandering,
} from '../../support/traffic.ts';

/** Both instances are taken away, registered anew a minute later, and up in the third. */
const taken = recurring('13:44', '14:30', 8);
const launched = recurring('13:45', '14:30', 8);
const booting = recurring('13:46', '14:30', 8);
const each = (clocks: readonly string[], value: (index: number) => number) =>
  Object.fromEntries(clocks.map((clock, index) => [clock, value(index)]));
const none = wandering(0, 0, 0);
const asked = wandering(101, 212, 0.1);
const withoutTarget = inMinutes(
  { ...each(taken, (index) => 84 + ((index * 9) % 17)), ...each(launched, (index) => 171 + ((index * 5) % 13)) },
  0,
);
const requests = asked.map((value, index) => Math.max(0, (value ?? 0) - (withoutTarget[index] ?? 0)));
const refused = inMinutes(
  each(booting, (index) => 139 + ((index * 3) % 11)),
  0,
);
const ends = counts({ requests, failed: { '502': refused, '503': withoutTarget } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(102, ends.HTTPCode_Target_2XX_Count, 0.07, 0.6),
};
const group = targetGroup('web');
const healthCheck = { ...group.healthCheck, path: '/livez', intervalSeconds: 15, healthyThreshold: 2 };
const generation = (index: number, which: number): string =>
  index === taken.length ? `i-${which}` : `i-0e${index}a${which}`;
const activities: readonly ScalingActivity[] = taken.flatMap((clock, index) => [
  ...[1, 2].map((which) =>
    activity(clock, `Terminating EC2 instance: ${generation(index, which)}`, {
      cause: `At ${today(clock)} an instance was taken out of service in response to an ELB system health check failure.`,
    }),
  ),
  ...[1, 2].map((which) =>
    activity(launched[index] ?? clock, `Launching a new EC2 instance: ${generation(index + 1, which)}`, {
      cause: `At ${today(launched[index] ?? clock)} an instance was launched in response to an unhealthy instance needing to be replaced.`,
    }),
  ),
]);
const two = fleet(2, 't3.medium', 18);

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    instances: two.instances.map((one) => ({ ...one, launchedAt: today('14:25') })),
    targetGroups: [{ ...group, healthCheck }],
    targetHealth: two.targetHealth.map(({ id, zone }) =>
      target(id, {
        zone,
        state: 'unhealthy',
        reason: 'Target.ResponseCodeMismatch',
        description: 'Health checks failed with these codes: [404]',
      }),
    ),
    autoScalingInstances: [member('i-1'), member('i-2')],
    autoScalingGroups: [scalingGroup({ min: 2, gracePeriod: 240, activities })],
    changes: [
      change(
        { is: 'settings', of: TG, set: { healthCheckPath: '/livez' } },
        {
          at: today('13:40', '20'),
          who: 'lea',
          event: 'ModifyTargetGroup',
          source: 'elasticloadbalancing.amazonaws.com',
          resources: [TG],
        },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '13:41', '14:30', 0),
        'UnHealthyHostCount.max': during(none, '13:41', '14:30', (_, minute) => (minute % 8 === 4 ? 0 : 2)),
      },
    }),
  }),
  { name: 'catalog', region: 'sa-east-1', account: '203040506070' },
);
