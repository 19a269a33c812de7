import {
  aSnapshot,
  deployment,
  ecsService,
  groupMetrics,
  ingress,
  metrics,
  securityGroup,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  task,
} from '../../support/a-snapshot.ts';
import { fleet, taskFailingChecks, told } from '../../support/fleet.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

const none = wandering(0, 0, 0);
const requests = wandering(121, 380, 0.1);
/** Every other request, while one of the two hangs; they end a minute after they came. */
const hung = during(
  during(none, '14:03', '14:09', (_, minute) => [71, 188, 193, 181, 196, 120][minute] ?? 0),
  '14:17',
  '14:23',
  (_, minute) => [64, 192, 185, 190, 178, 133][minute] ?? 0,
);
const ends = counts({ requests, failed: { '504': hung }, target: { '4XX': wandering(122, 7, 0.6) } });
const ofAll = { ...ends, ...responseTimes(123, ends.HTTPCode_Target_2XX_Count, 0.08, 0.55) };
const OLD = ['3f6c81d20b9e4a77b1c5de0842fa6931', '91be07d4c3f2486ea5d80f1b7c2e6a45'] as const;
const NEW = ['c07e5a18d94b4f3f86b20d1e9a7c4f52', 'e82d4b6f17a04c9db35f6e0c8d1a2973'] as const;
const ofService = { service: 'prod/agenda', startedBy: 'ecs-svc/14', taskDefinition: 'agenda:14', addresses: [] };
const since = { createdAt: '2026-03-05T06:00:00Z', startedAt: '2026-03-05T06:00:30Z' };
const two = fleet(2, 'm5.large', 12);
const failing = (on: string, port: number): string =>
  `(instance ${on}) (port ${port}) is unhealthy in (target-group ${TG}) due to (reason Request timed out).`;

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    targetGroups: [targetGroup('web', { port: 80, healthCheck: { ...targetGroup().healthCheck, path: '/up' } })],
    targetHealth: [
      target('i-1', { port: 32774, healthCheckPort: 32774 }),
      target('i-2', { port: 32781, healthCheckPort: 32781 }),
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 32768, 65535, { group: 'sg-alb' })]),
    ],
    ecsServices: [
      ecsService({
        id: 'prod/agenda',
        name: 'agenda',
        taskDefinition: 'agenda:14',
        deployments: [deployment({ id: 'ecs-svc/14', taskDefinition: 'agenda:14' })],
        events: [
          told('agenda', '14:24', 'has reached a steady state.'),
          told('agenda', '14:23', `registered 1 targets in (target-group ${TG})`),
          told('agenda', '14:22', `has started 1 tasks: (task ${NEW[1]}).`),
          told('agenda', '14:22', `deregistered 1 targets in (target-group ${TG})`),
          told('agenda', '14:22', `has stopped 1 running tasks: (task ${OLD[1]}).`),
          told('agenda', '14:22', failing('i-2', 32780)),
          told('agenda', '14:10', 'has reached a steady state.'),
          told('agenda', '14:09', `registered 1 targets in (target-group ${TG})`),
          told('agenda', '14:08', `has started 1 tasks: (task ${NEW[0]}).`),
          told('agenda', '14:08', `deregistered 1 targets in (target-group ${TG})`),
          told('agenda', '14:08', `has stopped 1 running tasks: (task ${OLD[0]}).`),
          told('agenda', '14:08', failing('i-1', 32771)),
        ],
      }),
    ],
    ecsTasks: [
      taskFailingChecks(OLD[0], '10.0.10.11', ['11:30', '11:31', '14:08'], TG, {
        ...ofService,
        ...since,
        instanceId: 'i-1',
        hostPorts: [32771],
      }),
      taskFailingChecks(OLD[1], '10.0.11.12', ['11:30', '11:31', '14:22'], TG, {
        ...ofService,
        ...since,
        instanceId: 'i-2',
        hostPorts: [32780],
      }),
      task(NEW[0], {
        ...ofService,
        createdAt: today('14:08', '31'),
        startedAt: today('14:08', '40'),
        instanceId: 'i-1',
        hostPorts: [32774],
      }),
      task(NEW[1], {
        ...{ ...ofService, zone: 'us-east-1b', createdAt: today('14:22', '28'), startedAt: today('14:22', '39') },
        ...{ instanceId: 'i-2', hostPorts: [32781] },
      }),
    ],
    ecsTaskDefinitions: [
      {
        arn: 'agenda:14',
        memory: 1024,
        containers: [{ name: 'app', essential: true, memory: 1024, stopTimeout: null, ports: [8080] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      'prod/agenda': {
        CPUUtilization: during(during(wandering(124, 22, 0.2, 1), '14:03', '14:08', 12.4), '14:17', '14:22', 11.8),
        MemoryUtilization: wandering(125, 48, 0.05, 1),
      },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(during(wandering(0, 2, 0), '14:04', '14:10', 1), '14:18', '14:24', 1),
        'UnHealthyHostCount.max': during(during(none, '14:04', '14:09', 1), '14:18', '14:23', 1),
      },
    }),
  }),
  { name: 'agenda', region: 'ap-northeast-1', account: '405060708090' },
);
