import {
  aSnapshot,
  deployment,
  ecsService,
  groupMetrics,
  ingress,
  metrics,
  ruleChange,
  securityGroup,
  serviceMetrics,
  TG,
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

/** ECS replaces the task for its failing checks: in five of 44 minutes there is none. */
const gaps = recurring('13:49', '14:24', 8);
const atGap = (value: (index: number) => number, otherwise: number) =>
  inMinutes(Object.fromEntries(gaps.map((clock, index) => [clock, value(index)])), otherwise);
const none = wandering(0, 0, 0);
const asked = wandering(111, 64, 0.2);
const withoutTask = atGap((index) => 31 + ((index * 7) % 11), 0);
const requests = asked.map((value, index) => Math.max(0, (value ?? 0) - (withoutTask[index] ?? 0)));
const silent = during(during(none, '13:45', '13:46', 11), '13:46', '14:30', (_, minute) => requests[136 + minute] ?? 0);
const ends = counts({ requests, failed: { '503': withoutTask, '504': silent } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_504_Count ?? [],
  ...responseTimes(112, ends.HTTPCode_Target_2XX_Count, 0.15, 1.1),
};
const name = (index: number): string => `${(0x2d41 + index * 0x35b).toString(16)}e7a0c95b4c3f9d18027fb64ea913`;
const ofService = { service: 'prod/ledger', startedBy: 'ecs-svc/5', taskDefinition: 'ledger:5' };
const ADDRESS = '10.0.11.61';
const all = ingress('-1', null, null, { cidr: '0.0.0.0/0' });
const httpsOnly = ingress('tcp', 443, 443, { cidr: '0.0.0.0/0' });
const baseline = { who: 'role/security-baseline', by: 'role', way: 'egress' } as const;

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: [
      addressTarget(ADDRESS, { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' }),
    ],
    targetInterfaces: [interfaceAt(ADDRESS)],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })], [httpsOnly]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
    ],
    changes: [
      ruleChange('admits', 'sg-alb', [httpsOnly], { at: today('13:45', '38'), ...baseline }),
      ruleChange('revokes', 'sg-alb', [all], { at: today('13:45', '40'), ...baseline }),
    ],
    ecsServices: [
      ecsService({
        id: 'prod/ledger',
        name: 'ledger',
        taskDefinition: 'ledger:5',
        desired: 1,
        running: 1,
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        healthCheckGrace: 120,
        deployments: [deployment({ id: 'ecs-svc/5', taskDefinition: 'ledger:5', desired: 1, running: 1 })],
        events: [...gaps].reverse().flatMap((clock, back) => {
          const index = gaps.length - 1 - back;
          return [
            told('ledger', clock, `has started 1 tasks: (task ${name(index + 1)}).`),
            told('ledger', clock, `has stopped 1 running tasks: (task ${name(index)}).`),
            told('ledger', clock, `deregistered 1 targets in (target-group ${TG})`),
            told(
              'ledger',
              clock,
              `(task ${name(index)}) (port 8080) is unhealthy in (target-group ${TG}) due to (reason Request timed out).`,
            ),
          ];
        }),
      }),
    ],
    ecsTasks: [
      ...gaps.map((clock, index) => {
        const before = gaps[index - 1];
        return before === undefined
          ? taskFailingChecks(name(0), ADDRESS, ['11:30', '11:31', clock], TG, {
              ...ofService,
              createdAt: '2026-02-26T10:00:00Z',
              startedAt: '2026-02-26T10:01:00Z',
            })
          : taskFailingChecks(name(index), ADDRESS, [before, before, clock], TG, {
              ...ofService,
              startedAt: today(before, '55'),
            });
      }),
      taskAt(name(gaps.length), ADDRESS, '14:21', '14:21', { ...ofService, startedAt: today('14:21', '55') }),
    ],
    ecsTaskDefinitions: [
      {
        arn: 'ledger:5',
        memory: 512,
        containers: [{ name: 'app', essential: true, memory: 512, stopTimeout: null, ports: [8080] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      'prod/ledger': { CPUUtilization: wandering(113, 4, 0.5, 1), MemoryUtilization: wandering(114, 52, 0.05, 1) },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 1, 0), '13:47', '14:30', 0),
        'UnHealthyHostCount.max': during(
          atGap(() => 0, 1),
          '11:30',
          '13:47',
          0,
        ),
      },
    }),
  }),
  { name: 'ledger', region: 'eu-west-3', account: '304050607080' },
);
