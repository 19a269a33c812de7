import {
  aSnapshot,
  change,
  deployment,
  ecsService,
  groupMetrics,
  metrics,
  NOW,
  serviceMetrics,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { addressTarget, interfaceAt, taskAt, told } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** Two of 10,000 answers are a 500, before the release at 14:08 as after it; the release completed at 14:15. */
const ends = counts({
  requests: wandering(331, 4100, 0.07),
  target: { '5XX': wandering(332, 0.8, 1), '4XX': wandering(333, 70, 0.3) },
});
const ofAll = { ...ends, ...responseTimes(334, ends.HTTPCode_Target_2XX_Count, 0.05, 0.52) };
const fresh = ['10.0.10.51', '10.0.11.52'];
const old = ['10.0.10.41', '10.0.11.42'];
const id = (which: string, index: number): string => `${which}${index}a90e7c4d1b4f6682f3b9c05d7e81a`;

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'feed-any-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:feed-any-5xx',
      state: 'ALARM',
      previousState: 'OK',
      previousStateAt: '2026-03-10T14:21:00Z',
      metrics: ['HTTPCode_Target_5XX_Count'],
    },
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: fresh.map((address) => addressTarget(address)),
    targetInterfaces: fresh.map((address) => interfaceAt(address)),
    ecsServices: [
      ecsService({
        ...{ id: 'prod/feed', name: 'feed', taskDefinition: 'feed:102' },
        deployments: [
          deployment({
            ...{
              id: 'ecs-svc/102',
              rolloutReason: 'ECS deployment ecs-svc/102 completed.',
              taskDefinition: 'feed:102',
            },
            ...{ createdAt: today('14:08', '11'), updatedAt: today('14:15', '40') },
          }),
        ],
        events: [
          told('feed', '14:15', 'has reached a steady state.'),
          told('feed', '14:15', '(deployment ecs-svc/102) deployment completed.'),
          told('feed', '14:14', `has stopped 2 running tasks: (task ${id('1', 0)}) (task ${id('1', 1)}).`),
          told('feed', '14:11', `deregistered 2 targets in (target-group ${TG})`),
          told('feed', '14:10', `registered 2 targets in (target-group ${TG})`),
          told('feed', '14:08', `has started 2 tasks: (task ${id('2', 0)}) (task ${id('2', 1)}).`),
        ],
      }),
    ],
    ecsTasks: [
      ...fresh.map((address, index) =>
        taskAt(id('2', index), address, '14:08', '14:09', {
          service: 'prod/feed',
          startedBy: 'ecs-svc/102',
          taskDefinition: 'feed:102',
        }),
      ),
      ...old.map((address, index) =>
        taskAt(id('1', index), address, '11:30', '11:31', {
          ...{ service: 'prod/feed', startedBy: 'ecs-svc/101', taskDefinition: 'feed:101', status: 'STOPPED' },
          ...{ createdAt: '2026-03-09T10:00:00Z', startedAt: '2026-03-09T10:01:00Z' },
          ...{
            stopCode: 'ServiceSchedulerInitiated',
            stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/102)',
          },
          ...{ stoppingAt: today('14:11', '20'), stoppedAt: today('14:14', '05') },
          containers: [{ name: 'app', exitCode: 0, reason: null }],
        }),
      ),
    ],
    ecsTaskDefinitions: ['feed:101', 'feed:102'].map((arn) => ({
      arn,
      memory: 2048,
      containers: [{ name: 'app', essential: true, memory: null, stopTimeout: 120, ports: [8080] }],
    })),
    serviceMetrics: serviceMetrics({
      'prod/feed': { CPUUtilization: wandering(335, 36, 0.2, 1), MemoryUtilization: wandering(336, 51, 0.05, 1) },
    }),
    changes: [
      change(
        { is: 'settings', of: 'prod/feed', set: { taskDefinition: 'feed:102' } },
        {
          ...{ at: today('14:08', '10'), who: 'role/deploy (ci-311)', by: 'role', event: 'UpdateService' },
          ...{ source: 'ecs.amazonaws.com', resources: ['prod/feed', TG] },
        },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '14:10', '14:11', 4),
        'UnHealthyHostCount.max': wandering(0, 0, 0),
      },
    }),
  }),
  { name: 'feed', region: 'us-east-1', account: '161616161616' },
);
