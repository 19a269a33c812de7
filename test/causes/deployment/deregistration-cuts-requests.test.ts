import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/deployment/deregistration-cuts-requests/cause.ts';
import {
  afterLevel,
  change,
  denied,
  deployment,
  ecsService,
  groupMetrics,
  lately,
  metrics,
  newest,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { ago, errors, inTasks, SCALING, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const N = null;
const BURSTS = newest(9, 7, N, N, N, N, N, 8, 6, N, N, N, N, N, N);
const counts = { HTTPCode_ELB_502_Count: BURSTS, HTTPCode_ELB_5XX_Count: BURSTS };
const gone = (minutes: number) =>
  unscheduled(`t${minutes}`, minutes, SCALING, { startedBy: 'ecs-svc/7', startedAt: ago(9000) });
const hosts = (...values: number[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': afterLevel(...values) } }),
});
const definition = (stopTimeout: number | null) => [
  {
    arn: 'web:7',
    memory: 512,
    containers: [{ name: 'app', essential: true, memory: null, stopTimeout, ports: [8080] }],
  },
];
const rollout = {
  ...inTasks,
  ...hosts(...Array.from({ length: 30 }, () => 2)),
  loadBalancerMetrics: metrics(counts),
  ecsServices: [ecsService({ deployments: [deployment({ id: 'ecs-svc/8', createdAt: ago(16) })] })],
  ecsTasks: [gone(15), gone(8)],
  ecsTaskDefinitions: definition(N),
};
const moved = (does: 'registers' | 'deregisters', minutes: number, id: string) =>
  change(
    { is: 'targets', does, targetGroup: TG, ids: [id] },
    { at: ago(minutes), by: 'role', who: 'role/aws-load-balancer-controller (1773152400)' },
  );
const pods = {
  ...rollout,
  ecsServices: [],
  ecsTasks: [],
  tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod', 'ingress.k8s.aws/resource': 'shop/web-api:80' } },
  changes: [15, 8].flatMap((at) => [moved('registers', at, `new-${at}`), moved('deregisters', at, `old-${at}`)]),
};
const delay = (seconds: number) => ({
  targetGroupAttributes: { [TG]: { 'deregistration_delay.timeout_seconds': String(seconds) } },
});
const slow = (longest: number) => ({
  loadBalancerMetrics: metrics({ ...counts, 'TargetResponseTime.max': lately(30, longest) }),
});

test.each([
  ['tasks are killed long before the delay is over, capacity never short', rollout, 'found strong'],
  ['answers take longer than the delay', { ...rollout, ...delay(10), ...slow(11) }, 'found strong'],
  ['answers take as long as the delay, and so may a task', { ...rollout, ...delay(30), ...slow(30) }, 'ruled-out'],
  ['a stop timeout as long as the delay', { ...rollout, ecsTaskDefinitions: definition(300) }, 'ruled-out'],
  [
    'capacity was short: the loss is the cause',
    { ...rollout, ...hosts(...Array.from({ length: 30 }, (_, n) => (n === 15 ? 1 : 2))) },
    'ruled-out',
  ],
  [
    'a scale-in: as many are healthy as in the minutes without errors',
    { ...rollout, ...hosts(...Array.from({ length: 30 }, (_, n) => (n < 15 ? 4 : 2))) },
    'found strong',
  ],
  [
    'a scale-in, and for a minute fewer than that',
    { ...rollout, ...hosts(...Array.from({ length: 30 }, (_, n) => (n < 15 ? 4 : n === 15 ? 1 : 2))) },
    'ruled-out',
  ],
  [
    'a scale-in, and the errors go on',
    {
      ...rollout,
      ...hosts(...Array.from({ length: 30 }, (_, n) => (n < 22 ? 4 : 2))),
      loadBalancerMetrics: errors('502', 9, 9, 9, 9, 9, 9, 9, 9),
      ecsTasks: [gone(8)],
    },
    'ruled-out',
  ],
  ['whether capacity was short is not seen', { ...rollout, targetGroupMetrics: denied() }, 'found circumstantial'],
  [
    'errors between the waves, too',
    { ...rollout, loadBalancerMetrics: errors('502', ...Array.from({ length: 15 }, () => 5)) },
    'found circumstantial',
  ],
  [
    'most errors come long after the wave',
    {
      ...rollout,
      loadBalancerMetrics: errors('502', ...Array.from({ length: 16 }, () => 5)),
      ecsTasks: [gone(16)],
    },
    'ruled-out',
  ],
  [
    'a target drains, and nobody tells when it left',
    {
      ...inTasks,
      loadBalancerMetrics: metrics(counts),
      targetHealth: [target('10.0.10.21'), target('10.0.11.22', { state: 'draining' })],
    },
    'found circumstantial',
  ],
  ['pods that are replaced, of which there are enough', pods, 'found circumstantial'],
  [
    'pods that are replaced, and some are missing',
    { ...pods, ...hosts(...Array.from({ length: 30 }, (_, n) => (n === 15 ? 1 : 2))) },
    'ruled-out',
  ],
  ['addresses that no controller keeps', { ...pods, tags: { [TG]: {} } }, 'ruled-out'],
  ['no target left', { ...rollout, ecsTasks: [] }, 'ruled-out'],
  [
    'no target left that ECS still shows, and the errors are older than that',
    { ...rollout, ecsTasks: [], loadBalancerMetrics: errors('502', ...Array.from({ length: 61 }, () => 9)) },
    'undetermined',
  ],
  ['503s only', { ...rollout, loadBalancerMetrics: errors('503', 9) }, 'ruled-out'],
  ['services denied, nothing drains', { ...rollout, ecsServices: denied(), ecsTasks: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what ends too early', () => {
  expect(readable(cause, rollout)).toMatchInlineSnapshot(`
    "Requests were cut as 2 targets of prod/web were replaced by a newer deployment [strong] since 2026-03-10T14:15:00Z
      because  2 of 2 error bursts since 14:15 began within 2 minutes of a time when targets left; 100 % of the errors came then, or while targets were missing   [loadBalancerMetrics]
      because  targets of web left at 14:15 and 14:22   [ecsTasks]
      because  ECS kills a task 30 s after its stop signal, while the load balancer lets requests finish for 300 s   [targetGroupAttributes]
      because  as many targets as before stayed healthy throughout   [targetGroupMetrics]
      fix      keep the process behind web serving for some seconds after SIGTERM, to finish its requests; set its stop timeout and the deregistration delay above the slowest request"
  `);
});
