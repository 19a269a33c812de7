import {
  aSnapshot,
  change,
  deployment,
  ecsService,
  groupMetrics,
  ingress,
  metrics,
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

/** Both tasks fail at the same time, and ECS replaces both. */
const replaced = recurring('14:02', '14:30', 6);
const none = wandering(0, 0, 0);
const asked = wandering(141, 520, 0.08);
const of = (value: (index: number) => number) =>
  inMinutes(Object.fromEntries(replaced.map((clock, index) => [clock, value(index)])), 0);
const withoutTask = of((index) => 204 + ((index * 13) % 31));
const cut = of((index) => 22 + ((index * 3) % 9));
const requests = asked.map((value, index) => Math.max(0, (value ?? 0) - (withoutTask[index] ?? 0)));
const ends = counts({
  requests,
  failed: { '502': cut, '503': withoutTask },
  target: { '4XX': wandering(142, 11, 0.5) },
});
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: ends.HTTPCode_ELB_502_Count ?? [],
  ...responseTimes(143, ends.HTTPCode_Target_2XX_Count, 0.05, 0.42),
};
const name = (index: number): string => `${(0x61c3 + index * 0x27f).toString(16)}09f4d7a2487be5c1d6038a9e2b7f`;
const ofService = { service: 'prod/tickets', startedBy: 'ecs-svc/44', taskDefinition: 'tickets:44' };
const addresses = ['10.0.10.81', '10.0.11.82'];
const pairs = [null, ...replaced].map((from, index) => ({
  from,
  until: replaced[index],
  ids: [name(2 * index), name(2 * index + 1)],
}));
const week = { createdAt: '2026-03-06T12:00:00Z', startedAt: '2026-03-06T12:01:00Z' };

export const recipe = elsewhere(
  aSnapshot({
    instances: [],
    instanceStatus: [],
    instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
    targetGroups: [
      targetGroup('web', {
        targetType: 'ip',
        port: 7000,
        healthCheck: { ...targetGroup().healthCheck, port: '7001', intervalSeconds: 20 },
      }),
    ],
    targetGroupAttributes: { [TG]: { 'deregistration_delay.timeout_seconds': '20' } },
    targetHealth: addresses.map((address) =>
      addressTarget(address, {
        port: 7000,
        healthCheckPort: 7001,
        state: 'unhealthy',
        reason: 'Target.FailedHealthChecks',
        description: 'Health checks failed',
      }),
    ),
    targetInterfaces: addresses.map((address) => interfaceAt(address)),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 0, 65535, { group: 'sg-alb' })]),
    ],
    changes: [
      change(
        { is: 'settings', of: TG, set: { healthCheckPort: '7001' } },
        {
          at: today('13:58', '10'),
          who: 'marco',
          event: 'ModifyTargetGroup',
          source: 'elasticloadbalancing.amazonaws.com',
          resources: [TG],
        },
      ),
    ],
    ecsServices: [
      ecsService({
        id: 'prod/tickets',
        name: 'tickets',
        taskDefinition: 'tickets:44',
        targetGroups: [{ arn: TG, container: 'app', containerPort: 7000 }],
        healthCheckGrace: 150,
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deployments: [deployment({ id: 'ecs-svc/44', taskDefinition: 'tickets:44' })],
        events: [...pairs]
          .reverse()
          .flatMap(({ from, until, ids }) => [
            ...(until === undefined
              ? []
              : [
                  told('tickets', until, `has stopped 2 running tasks: (task ${ids[0]}) (task ${ids[1]}).`),
                  told(
                    'tickets',
                    until,
                    `(task ${ids[0]}) (port 7001) is unhealthy in (target-group ${TG}) due to (reason Health checks failed).`,
                  ),
                ]),
            ...(from === null
              ? []
              : [told('tickets', from, `has started 2 tasks: (task ${ids[0]}) (task ${ids[1]}).`)]),
          ]),
      }),
    ],
    ecsTasks: pairs.flatMap(({ from, until, ids }) =>
      ids.map((id, index) => {
        const address = addresses[index] ?? '';
        const began = from ?? '11:30';
        const ill = { ...ofService, ...(from === null ? week : { startedAt: today(began, '34') }) };
        return until === undefined
          ? taskAt(id, address, began, began, ill)
          : taskFailingChecks(id, address, [began, began, until], TG, ill);
      }),
    ),
    ecsTaskDefinitions: [
      {
        arn: 'tickets:44',
        memory: 1024,
        containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports: [7000] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      'prod/tickets': { CPUUtilization: wandering(144, 26, 0.3, 1), MemoryUtilization: wandering(145, 39, 0.05, 1) },
    }),
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '13:59', '14:30', 0),
        'UnHealthyHostCount.max': during(none, '13:59', '14:30', (_, minute) => (minute % 6 === 4 ? 0 : 2)),
      },
    }),
  }),
  { name: 'tickets', region: 'eu-south-1', account: '607080901020' },
);
