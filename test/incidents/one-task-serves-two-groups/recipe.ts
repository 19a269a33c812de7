import {
  aRuleTo,
  aSnapshot,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  ingress,
  LB,
  metrics,
  securityGroup,
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
  wandering,
} from '../../support/traffic.ts';

const PORTAL = groupArn('portal');
const ADMIN = groupArn('portal-admin');
/** The licence server is gone since 13:31: the administration's own check says 503, and ECS takes the task away for it. */
const replaced = recurring('13:36', '14:30', 8);
const [first = '13:36'] = replaced;
const next = recurring('13:37', '14:30', 8);
const none = wandering(0, 0, 0);
const each = (clocks: readonly string[], value: (index: number) => number) =>
  Object.fromEntries(clocks.map((clock, index) => [clock, value(index)]));
const asked = wandering(91, 246, 0.1);
const withoutTask = inMinutes(
  { ...each(replaced, (index) => 151 + ((index * 17) % 29)), ...each(next, (index) => 118 + ((index * 7) % 23)) },
  0,
);
const requests = asked.map((value, index) => Math.max(0, (value ?? 0) - (withoutTask[index] ?? 0)));
const refused = inMinutes({ ...each(replaced, (index) => 21 + index), ...each(next, (index) => 33 - index) }, 0);
/** What few administrators there are get it as well. */
const licence = during(none, '13:31', '14:30', (_, minute) =>
  refused[121 + minute] ? 0 : ([2, 0, 1, 3, 1][minute % 5] ?? 0),
);
const ends = counts({ requests, failed: { '502': refused, '503': withoutTask }, target: { '5XX': licence } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(92, ends.HTTPCode_Target_2XX_Count, 0.12, 0.9),
};
const toAdmin = licence.map((value, index) => (value ?? 0) + (wandering(93, 4, 0.5)[index] ?? 0));
const gaps = (values: number, atGap: number | null) =>
  inMinutes({ ...each(replaced, () => atGap ?? 0), ...each(next, () => atGap ?? 0) }, values);
const name = (index: number): string => `${(0x7f3a + index * 0x2b5).toString(16)}4c1e9d2f4b8aa6035e7d1c9f0b28`;
const ADDRESS = '10.0.10.52';

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    listenerRules: [
      ...aRuleTo(PORTAL),
      {
        arn: `${LB}/rule-admin`,
        listenerArn: `${LB}/listener-80`,
        priority: 10,
        actions: [{ type: 'forward', to: [{ targetGroup: ADMIN, weight: 1 }] }],
        conditions: ['path is /admin/*'],
      },
    ],
    targetGroups: [
      targetGroup('portal', { targetType: 'ip', port: 3000 }),
      targetGroup('portal-admin', {
        targetType: 'ip',
        port: 3001,
        healthCheck: { ...targetGroup().healthCheck, path: '/admin/health', unhealthyThreshold: 5 },
      }),
    ],
    targetGroupAttributes: {
      [PORTAL]: { 'deregistration_delay.timeout_seconds': '30' },
      [ADMIN]: { 'deregistration_delay.timeout_seconds': '30' },
    },
    targetHealth: [
      addressTarget(ADDRESS, { targetGroup: PORTAL, port: 3000, healthCheckPort: 3000 }),
      addressTarget(ADDRESS, {
        targetGroup: ADMIN,
        port: 3001,
        healthCheckPort: 3001,
        state: 'unhealthy',
        reason: 'Target.ResponseCodeMismatch',
        description: 'Health checks failed with these codes: [503]',
      }),
    ],
    targetInterfaces: [interfaceAt(ADDRESS)],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 3000, 3001, { group: 'sg-alb' })]),
    ],
    ecsServices: [
      ecsService({
        id: 'prod/portal',
        name: 'portal',
        taskDefinition: 'portal:31',
        desired: 1,
        running: 1,
        targetGroups: [
          { arn: PORTAL, container: 'app', containerPort: 3000 },
          { arn: ADMIN, container: 'app', containerPort: 3001 },
        ],
        healthCheckGrace: 180,
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deployments: [
          deployment({
            id: 'ecs-svc/31',
            rolloutReason: 'ECS deployment ecs-svc/31 completed.',
            taskDefinition: 'portal:31',
            desired: 1,
            running: 1,
          }),
        ],
        events: [...replaced].reverse().flatMap((clock, back) => {
          const index = replaced.length - 1 - back;
          return [
            told('portal', clock, `has started 1 tasks: (task ${name(index + 1)}).`),
            told('portal', clock, `has stopped 1 running tasks: (task ${name(index)}).`),
            told('portal', clock, `deregistered 1 targets in (target-group ${ADMIN})`),
            told('portal', clock, `deregistered 1 targets in (target-group ${PORTAL})`),
            told(
              'portal',
              clock,
              `(task ${name(index)}) (port 3001) is unhealthy in (target-group ${ADMIN}) due to (reason Health checks failed with these codes: [503]).`,
            ),
          ];
        }),
      }),
    ],
    ecsTasks: replaced
      .map((clock, index) => {
        const ofService = { service: 'prod/portal', startedBy: 'ecs-svc/31', taskDefinition: 'portal:31' };
        const before = replaced[index - 1];
        return before === undefined
          ? taskFailingChecks(name(0), ADDRESS, ['11:30', '11:31', first], ADMIN, {
              ...ofService,
              createdAt: '2026-03-04T09:12:00Z',
              startedAt: '2026-03-04T09:13:00Z',
            })
          : taskFailingChecks(name(index), ADDRESS, [before, next[index - 1] ?? before, clock], ADMIN, ofService);
      })
      .concat([
        taskAt(name(replaced.length), ADDRESS, replaced.at(-1) ?? first, next.at(-1) ?? first, {
          ...{ service: 'prod/portal', startedBy: 'ecs-svc/31', taskDefinition: 'portal:31' },
        }),
      ]),
    ecsTaskDefinitions: [
      {
        arn: 'portal:31',
        memory: 2048,
        containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports: [3000, 3001] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      'prod/portal': { CPUUtilization: wandering(94, 14, 0.5, 1), MemoryUtilization: wandering(95, 44, 0.05, 1) },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [PORTAL]: {
        ...ofItsGroup(ofAll),
        RequestCount: requests.map((value, index) => Math.max(0, value - (toAdmin[index] ?? 0))),
        HTTPCode_Target_2XX_Count: (ends.HTTPCode_Target_2XX_Count ?? []).map(
          (value, index) => value && value - (toAdmin[index] ?? 0) + (licence[index] ?? 0),
        ),
        HTTPCode_Target_5XX_Count: wandering(0, 0, 0),
        'HealthyHostCount.min': gaps(1, 0),
        'UnHealthyHostCount.max': gaps(0, 0),
      },
      [ADMIN]: {
        RequestCount: toAdmin,
        HTTPCode_Target_2XX_Count: toAdmin.map((value, index) => value - (licence[index] ?? 0)),
        HTTPCode_Target_5XX_Count: licence.map((value) => value || null),
        'HealthyHostCount.min': during(wandering(0, 1, 0), '13:33', '14:30', 0),
        'UnHealthyHostCount.max': during(none, '13:33', '14:30', (_, minute) =>
          minute % 8 === 3 || minute % 8 === 4 ? 0 : 1,
        ),
      },
    }),
    tags: { [LB]: {}, [PORTAL]: {}, [ADMIN]: {} },
  }),
  { name: 'portal', region: 'eu-west-2', account: '102030405060' },
);
