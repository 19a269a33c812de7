import {
  aSnapshot,
  ingress,
  instanceMetrics,
  ruleChange,
  securityGroup,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, inGroup, partOf, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(631, 180, 0.15);
const withoutTarget = during(partOf(asked, 1, '14:01'), '14:00', '14:01', 122);
const two = fleet(2, 't3.medium', 21);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup()),
    instances: two.instances.map((one) => ({
      ...one,
      ...{
        state: 'stopped',
        stateReason: stop,
        stateSince: today('14:00', '21'),
        tags: { Name: one.id, schedule: 'office-hours' },
      },
    })),
    instanceStatus: [],
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        two.instances.map(({ id }, index) => [
          id,
          {
            CPUUtilization: during(wandering(632 + index, 21, 0.2, 1), '14:01', '14:30', null),
            StatusCheckFailed: step(0, '14:01', null),
          },
        ]),
      ),
    ),
    targetHealth: inGroup(two.targetHealth, TG, {
      ...{ state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' },
    }),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.8.0.0/16' })]),
    ],
    changes: [
      changed(['14:00', '20'], 'role/instance-scheduler', 'ec2', 'StopInstances', ['i-1', 'i-2'], {
        ...{ is: 'instances', does: 'stops', instanceIds: ['i-1', 'i-2'] },
      }),
      ruleChange('revokes', 'sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
        ...{ at: today('14:12', '44'), who: 'role/unused-rules', by: 'role' },
      }),
    ],
    ...afternoon(634, {
      [TG]: {
        asked,
        failed: { '503': withoutTarget },
        seconds: [0.07, 0.6],
        healthy: step(2, '14:01', 0),
        unhealthy: step(0, '14:01', 0),
      },
    }),
  }),
  { name: 'intranet', region: 'eu-west-1', account: '420000000004' },
);
