import {
  aSnapshot,
  change,
  deployment,
  ecsService,
  groupMetrics,
  metrics,
  serviceMetrics,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { addressTarget, interfaceAt, taskAt, told } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

const ends = counts({ requests: wandering(211, 2200, 0.08), target: { '4XX': wandering(212, 40, 0.4) } });
const ofAll = { ...ends, ...responseTimes(213, ends.HTTPCode_Target_2XX_Count, 0.06, 0.5) };
const fresh = ['10.0.10.31', '10.0.11.32', '10.0.10.33'];
const old = ['10.0.10.21', '10.0.11.22', '10.0.10.23'];
const ofNew = { service: 'prod/profile', startedBy: 'ecs-svc/56', taskDefinition: 'profile:56' };
const ofOld = { service: 'prod/profile', startedBy: 'ecs-svc/55', taskDefinition: 'profile:55' };
const id = (which: string, index: number): string => `${which}${index}d7e4b09c3f4a12a8e65c7d01b9f34`;

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: [
      ...fresh.map((address) => addressTarget(address)),
      ...old.map((address) =>
        addressTarget(address, {
          state: 'draining',
          reason: 'Target.DeregistrationInProgress',
          description: 'Target deregistration is in progress',
        }),
      ),
    ],
    targetInterfaces: [...fresh, ...old].map((address) => interfaceAt(address)),
    ecsServices: [
      ecsService({
        id: 'prod/profile',
        name: 'profile',
        taskDefinition: 'profile:56',
        desired: 3,
        running: 3,
        deployments: [
          deployment({
            ...{
              id: 'ecs-svc/56',
              rolloutState: 'IN_PROGRESS',
              rolloutReason: 'ECS deployment ecs-svc/56 in progress.',
            },
            ...{ taskDefinition: 'profile:56', desired: 3, running: 3 },
            ...{ createdAt: today('14:20', '03'), updatedAt: today('14:28', '12') },
          }),
          deployment({ id: 'ecs-svc/55', status: 'ACTIVE', taskDefinition: 'profile:55', desired: 0, running: 3 }),
        ],
        events: [
          told('profile', '14:28', `deregistered 3 targets in (target-group ${TG})`),
          told('profile', '14:27', `has begun draining connections on 3 tasks.`),
          told('profile', '14:23', `registered 3 targets in (target-group ${TG})`),
          told(
            'profile',
            '14:21',
            `has started 3 tasks: (task ${id('5', 0)}) (task ${id('5', 1)}) (task ${id('5', 2)}).`,
          ),
        ],
      }),
    ],
    ecsTasks: [
      ...fresh.map((address, index) => taskAt(id('5', index), address, '14:21', '14:22', ofNew)),
      ...old.map((address, index) =>
        taskAt(id('4', index), address, '11:30', '11:31', {
          ...ofOld,
          ...{ status: 'DEACTIVATING', createdAt: '2026-03-03T14:30:00Z', startedAt: '2026-03-03T14:31:00Z' },
          ...{
            stopCode: 'ServiceSchedulerInitiated',
            stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/56)',
          },
          stoppingAt: today('14:28'),
        }),
      ),
    ],
    ecsTaskDefinitions: ['profile:55', 'profile:56'].map((arn) => ({
      arn,
      memory: 1024,
      containers: [{ name: 'app', essential: true, memory: null, stopTimeout: 60, ports: [8080] }],
    })),
    serviceMetrics: serviceMetrics({
      'prod/profile': {
        CPUUtilization: during(wandering(214, 33, 0.2, 1), '14:22', '14:25', 58.3),
        MemoryUtilization: wandering(215, 46, 0.06, 1),
      },
    }),
    changes: [
      change(
        { is: 'settings', of: 'prod/profile', set: { taskDefinition: 'profile:56' } },
        {
          ...{ at: today('14:20', '02'), who: 'role/deploy (ci-9041)', by: 'role', event: 'UpdateService' },
          ...{ source: 'ecs.amazonaws.com', resources: ['prod/profile', TG] },
        },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 3, 0), '14:24', '14:28', 6),
        'UnHealthyHostCount.max': wandering(0, 0, 0),
      },
    }),
  }),
  { name: 'profile', region: 'eu-central-1', account: '222233334444' },
);
