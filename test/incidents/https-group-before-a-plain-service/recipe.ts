import {
  aRuleTo,
  aSnapshot,
  change,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  LB,
  metrics,
  serviceMetrics,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { addressTarget, interfaceAt, taskAt, taskFailingChecks, told } from '../../support/fleet.ts';
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

const TLS = groupArn('quotes-tls');
/** Both tasks are taken away every four minutes. */
const replaced = recurring('13:54', '14:28', 4);
const requests = wandering(81, 188, 0.1);
const none = wandering(0, 0, 0);
const withoutTask = inMinutes(Object.fromEntries(replaced.map((clock, index) => [clock, 58 + ((index * 13) % 21)])), 0);
const reached = requests.map((value, index) => (value ?? 0) - (withoutTask[index] ?? 0));
const failed = during(during(none, '13:52', '13:53', 91), '13:53', '14:30', (_, minute) => reached[143 + minute] ?? 0);
const ends = counts({ requests: reached, failed: { '502': failed, '503': withoutTask } });
const ofAll = {
  ...ends,
  TargetTLSNegotiationErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(82, ends.HTTPCode_Target_2XX_Count, 0.05, 0.4),
};
const sinceMoved = (values: (typeof ofAll)['RequestCount']) => during(values ?? [], '11:30', '13:52', null);
const name = (index: number): string => `${(0x5c10 + index * 0x1d3).toString(16)}a9e4f07b4d1f8c2e6d9b3a5571e0`;
const ofDeployment = { service: 'prod/quotes', startedBy: 'ecs-svc/9', taskDefinition: 'quotes:12' };
const pairs = ['13:50', ...replaced].map((clock, index) => ({
  clock,
  until: replaced[index],
  ids: [name(2 * index), name(2 * index + 1)],
}));
const addresses = ['10.0.10.41', '10.0.11.42'];

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    listenerRules: aRuleTo(TLS),
    targetGroups: [
      targetGroup('quotes-tls', {
        targetType: 'ip',
        protocol: 'HTTPS',
        healthCheck: {
          ...targetGroup().healthCheck,
          protocol: 'HTTPS',
          intervalSeconds: 20,
        },
      }),
    ],
    targetGroupAttributes: { [TLS]: { 'deregistration_delay.timeout_seconds': '30' } },
    targetHealth: addresses.map((address) =>
      addressTarget(address, {
        targetGroup: TLS,
        state: 'initial',
        reason: 'Elb.InitialHealthChecking',
        description: 'Initial health checks in progress',
      }),
    ),
    targetInterfaces: addresses.map((address) => interfaceAt(address)),
    ecsServices: [
      ecsService({
        id: 'prod/quotes',
        name: 'quotes',
        taskDefinition: 'quotes:12',
        targetGroups: [{ arn: TLS, container: 'app', containerPort: 8080 }],
        healthCheckGrace: 60,
        deployments: [
          deployment({
            id: 'ecs-svc/9',
            rolloutState: 'IN_PROGRESS',
            rolloutReason: 'ECS deployment ecs-svc/9 in progress.',
            taskDefinition: 'quotes:12',
            failedTasks: 2 * replaced.length,
            createdAt: today('13:50', '02'),
            updatedAt: today('14:26', '31'),
          }),
          deployment({ id: 'ecs-svc/8', status: 'ACTIVE', taskDefinition: 'quotes:11' }),
        ],
        events: [...pairs]
          .reverse()
          .flatMap(({ clock, until, ids: [one, two] }) => [
            ...(until === undefined
              ? []
              : [
                  told('quotes', until, `has stopped 2 running tasks: (task ${one}) (task ${two}).`),
                  told(
                    'quotes',
                    until,
                    `(task ${one}) (port 8080) is unhealthy in (target-group ${TLS}) due to (reason Health checks failed).`,
                  ),
                ]),
            told('quotes', clock, `has started 2 tasks: (task ${one}) (task ${two}).`),
          ]),
      }),
    ],
    ecsTasks: [
      ...['10.0.10.21', '10.0.11.22'].map((address, index) =>
        taskAt(`0ld${index}b3a5571e0f07b4d1f8c2e6d9b3a557`, address, '11:30', '11:31', {
          ...{ service: 'prod/quotes', startedBy: 'ecs-svc/8', taskDefinition: 'quotes:11' },
          createdAt: '2026-03-03T14:30:00Z',
          startedAt: '2026-03-03T14:31:00Z',
        }),
      ),
      ...pairs.flatMap(({ clock, until, ids }) =>
        ids.map((id, index) => {
          const address = addresses[index] ?? '';
          return until === undefined
            ? taskAt(id, address, clock, clock, { ...ofDeployment, startedAt: today(clock, '48') })
            : taskFailingChecks(id, address, [clock, clock, until], TLS, {
                ...ofDeployment,
                startedAt: today(clock, '48'),
              });
        }),
      ),
    ],
    ecsTaskDefinitions: ['quotes:11', 'quotes:12'].map((arn) => ({
      arn,
      memory: 1024,
      containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports: [8080] }],
    })),
    serviceMetrics: serviceMetrics({
      'prod/quotes': { CPUUtilization: wandering(83, 9, 0.4, 1), MemoryUtilization: wandering(84, 37, 0.05, 1) },
    }),
    changes: [
      change(
        { is: 'settings', of: 'prod/quotes', set: { taskDefinition: 'quotes:12' } },
        {
          at: today('13:50', '01'),
          who: 'role/deploy (ci-77)',
          by: 'role',
          event: 'UpdateService',
          source: 'ecs.amazonaws.com',
          resources: ['prod/quotes', TLS],
        },
      ),
      change(
        { is: 'routing', of: `${LB}/listener-80`, to: [{ targetGroup: TLS, weight: 1 }] },
        {
          at: today('13:52', '30'),
          who: 'role/deploy (ci-77)',
          by: 'role',
          event: 'ModifyListener',
          source: 'elasticloadbalancing.amazonaws.com',
          resources: [`${LB}/listener-80`, TLS],
        },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TLS]: {
        ...Object.fromEntries(
          Object.entries(ofItsGroup(ofAll)).map(([metric, values]) => [metric, sinceMoved(values)]),
        ),
        'HealthyHostCount.min': during(during(none, '11:30', '13:51', null), '13:51', '14:30', 0),
        'UnHealthyHostCount.max': during(during(none, '11:30', '13:51', null), '13:51', '14:30', (_, minute) =>
          minute % 4 < 1 ? 0 : 2,
        ),
      },
    }),
    tags: { [LB]: {}, [TLS]: {} },
  }),
  { name: 'quotes', region: 'eu-west-2', account: '990011223344' },
);
