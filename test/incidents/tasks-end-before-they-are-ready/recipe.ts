import type { EcsTask } from '../../../lambda/incident/evidence.ts';
import {
  aSnapshot,
  deployment,
  ecsService,
  groupMetrics,
  metrics,
  serviceMetrics,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { taskAt, told } from '../../support/fleet.ts';
import {
  counts,
  during,
  elsewhere,
  ofItsGroup,
  recurring,
  responseTimes,
  today,
  wandering,
} from '../../support/traffic.ts';

/** Both end by themselves at 13:47, and each successor forty seconds after its start; ECS takes its time between them. */
const starts = recurring('13:48', '14:30', 3);
const none = wandering(0, 0, 0);
const requests = during(wandering(131, 155, 0.1), '13:47', '14:30', (value, minute) =>
  minute === 0 ? 83 : minute % 3 === 1 ? Math.round(value / 6) : null,
);
const refused = during(none, '13:47', '14:30', (_, minute) => (minute === 0 ? 26 : (requests[137 + minute] ?? 0)));
const empty = during(
  none,
  '13:47',
  '14:30',
  (_, minute) => 155 + ((minute * 7) % 23) - 12 - (requests[137 + minute] ?? 0),
);
const ends = counts({ requests, failed: { '502': refused, '503': empty } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(132, ends.HTTPCode_Target_2XX_Count, 0.09, 0.7),
};
const ofService = { service: 'prod/billing', startedBy: 'ecs-svc/21', taskDefinition: 'billing:21' };
const ended = {
  status: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
};
const exits = [{ name: 'app', exitCode: 1, reason: null }];
const name = (index: number): string => `${(0x3a91 + index * 0x1c7).toString(16)}b0d2f6e84a7c95130e8d7c4b2fa6`;
const short = (clock: string, index: number): EcsTask =>
  taskAt(name(index), `10.0.${10 + (index % 2)}.${71 + index}`, clock, clock, {
    ...{ ...ofService, ...ended, containers: exits },
    startedAt: today(clock, '18'),
    stoppingAt: today(clock, '56'),
    stoppedAt: today(clock, '58'),
  });
const stoppedOnes = starts.slice(0, -1);
const current = starts.at(-1) ?? '14:27';
const week = { createdAt: '2026-03-03T14:30:00Z', startedAt: '2026-03-03T14:31:00Z' };

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: [],
    ecsServices: [
      ecsService({
        id: 'prod/billing',
        name: 'billing',
        taskDefinition: 'billing:21',
        running: 0,
        pending: 2,
        healthCheckGrace: 90,
        deployments: [deployment({ id: 'ecs-svc/21', taskDefinition: 'billing:21', running: 0, pending: 2 })],
        events: [
          told('billing', '14:15', 'is unable to consistently start tasks successfully.'),
          ...[...starts].reverse().map((clock, back) => {
            const index = starts.length - 1 - back;
            return told(
              'billing',
              clock,
              `has started 2 tasks: (task ${name(2 * index)}) (task ${name(2 * index + 1)}).`,
            );
          }),
        ].sort((one, other) => other.at.localeCompare(one.at)),
      }),
    ],
    ecsTasks: [
      ...['10.0.10.21', '10.0.11.22'].map((address, index) =>
        taskAt(`a1d${index}c4f6e84a7c95130e8d7c4b2fa6b0`, address, '11:30', '11:31', {
          ...{ ...ofService, ...ended, ...week, containers: exits },
          stoppingAt: today('13:47', index === 0 ? '11' : '14'),
          stoppedAt: today('13:47', index === 0 ? '13' : '17'),
        }),
      ),
      ...stoppedOnes.flatMap((clock, index) => [short(clock, 2 * index), short(clock, 2 * index + 1)]),
      ...[0, 1].map((which) =>
        taskAt(name(2 * stoppedOnes.length + which), `10.0.${10 + which}.98`, current, null, {
          ...ofService,
          status: 'PENDING',
          createdAt: today('14:29', '41'),
        }),
      ),
    ],
    ecsTaskDefinitions: [
      {
        arn: 'billing:21',
        memory: 1024,
        containers: [{ name: 'app', essential: true, memory: 1024, stopTimeout: null, ports: [8080] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      'prod/billing': {
        CPUUtilization: during(wandering(133, 17, 0.3, 1), '13:48', '14:30', (_, minute) =>
          minute % 3 === 0 ? 31.5 : null,
        ),
        MemoryUtilization: during(wandering(134, 41, 0.05, 1), '13:48', '14:30', (_, minute) =>
          minute % 3 === 0 ? 12.2 : null,
        ),
      },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '13:47', '14:30', (_, minute) =>
          minute % 3 === 1 || minute === 0 ? 0 : null,
        ),
        'UnHealthyHostCount.max': during(none, '13:47', '14:30', (_, minute) =>
          minute % 3 === 1 || minute === 0 ? 0 : null,
        ),
      },
    }),
  }),
  { name: 'billing', region: 'us-west-1', account: '506070809010' },
);
