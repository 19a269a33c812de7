import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Target } from '../../lambda/incident/evidence.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';
import {
  always,
  aSnapshot,
  deployment,
  ecsService,
  groupMetrics,
  type Ill,
  ingress,
  lately,
  metrics,
  NOW,
  securityGroup,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../support/a-snapshot.ts';

/** Tells that health checks fail, never why. */
const LOOPS: readonly CauseId[] = [
  'deployment-failing',
  'no-running-tasks',
  'nothing-listening',
  'targets-not-yet-healthy',
  'deployment-replacing-targets',
];

/** A service whose tasks are stopped every few minutes for failing their checks, as ECS and the metrics tell of it. */
interface Loop {
  readonly minutes: number;
  readonly every: number;
  readonly rolloutState: 'IN_PROGRESS' | 'FAILED' | 'COMPLETED';
  readonly failedTasks: number;
  readonly errors502: number;
  readonly errors503: number;
  /** Those of now that are not judged yet. */
  readonly starting: number;
  readonly running: number;
}

const loops: fc.Arbitrary<Loop> = fc.record({
  minutes: fc.integer({ min: 12, max: 50 }),
  every: fc.integer({ min: 3, max: 9 }),
  rolloutState: fc.constantFrom('IN_PROGRESS', 'FAILED', 'COMPLETED'),
  failedTasks: fc.integer({ min: 0, max: 9 }),
  errors502: fc.constantFrom(0, 5, 30),
  errors503: fc.constantFrom(1, 8, 40),
  starting: fc.integer({ min: 0, max: 2 }),
  running: fc.integer({ min: 0, max: 2 }),
});

const ip = (last: number) => `10.0.10.${last}`;
const ago = (minutes: number) => plusSeconds(NOW, -60 * minutes);

function looping({ minutes, every, ...loop }: Loop, failing: readonly Target[]): Ill {
  const stops = Array.from({ length: Math.floor(minutes / every) }, (_, index) => minutes - index * every);
  const begun = ago(minutes + 2);
  return {
    targetHealth: [
      ...failing,
      ...Array.from({ length: loop.starting }, (_, index) => target(ip(60 + index), { state: 'initial' })),
    ],
    ecsServices: [
      ecsService({
        running: loop.running,
        taskDefinition: 'web:8',
        deployments: [
          deployment({
            id: 'ecs-svc/8',
            rolloutState: loop.rolloutState,
            taskDefinition: 'web:8',
            failedTasks: loop.failedTasks,
            createdAt: begun,
            updatedAt: begun,
          }),
        ],
        events: stops.map((at) => ({
          at: ago(at),
          message: `(service web) has stopped 1 running tasks: (task s${at}).`,
        })),
      }),
    ],
    ecsTasks: [
      ...failing.map(({ id }, index) =>
        task(`r${index}`, { addresses: [id], startedBy: 'ecs-svc/8', taskDefinition: 'web:8', startedAt: ago(3) }),
      ),
      ...stops.map((at) =>
        task(`s${at}`, {
          addresses: [ip(90)],
          startedBy: 'ecs-svc/8',
          taskDefinition: 'web:8',
          status: 'STOPPED',
          startedAt: ago(at + every - 1),
          stoppingAt: ago(at),
          stoppedAt: ago(at),
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: `Task failed ELB health checks in (target-group ${TG})`,
        }),
      ),
    ],
  };
}

const errorsOf = ({ minutes, errors502, errors503 }: Loop, more = {}) =>
  metrics({
    HTTPCode_ELB_502_Count: lately(minutes, errors502),
    HTTPCode_ELB_503_Count: lately(minutes, errors503),
    HTTPCode_ELB_5XX_Count: lately(minutes, errors502 + errors503),
    ...more,
  });

const ipGroup = targetGroup('web', { targetType: 'ip' });
const failing = (reason: string, ill: Partial<Target> = {}) => [ip(21), ip(22)].map((id) => unhealthy(id, reason, ill));
const hosts = (loop: Loop) =>
  groupMetrics({
    [TG]: {
      'HealthyHostCount.min': [...always(2).slice(loop.minutes), ...always(0).slice(0, loop.minutes)],
      'UnHealthyHostCount.max': lately(loop.minutes, 2),
      RequestCount: always(120),
    },
  });

/** What makes the checks of such a service fail, each so that it is sure of itself. */
const WHY: readonly (readonly [CauseId, (loop: Loop) => Ill])[] = [
  [
    'health-check-code-mismatch',
    (loop) => ({
      ...looping(loop, failing('Target.ResponseCodeMismatch')),
      targetGroups: [ipGroup],
      targetGroupMetrics: hosts(loop),
      loadBalancerMetrics: errorsOf(loop),
    }),
  ],
  [
    'target-security-group-closed',
    (loop) => ({
      ...looping(
        loop,
        ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout')),
      ),
      targetGroupMetrics: hosts(loop),
      loadBalancerMetrics: errorsOf(loop, { HTTPCode_ELB_504_Count: lately(loop.minutes, 40) }),
      securityGroups: [
        securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
        securityGroup('sg-app', [ingress('tcp', 22, 22, { group: 'sg-alb' })]),
      ],
    }),
  ],
  [
    'health-check-port-mismatch',
    (loop) => ({
      ...looping(loop, failing('Target.FailedHealthChecks', { healthCheckPort: 9000 })),
      targetGroups: [targetGroup('web', { targetType: 'ip', healthCheck: { ...ipGroup.healthCheck, port: '9000' } })],
      ecsTaskDefinitions: [
        {
          arn: 'web:8',
          memory: null,
          containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports: [8080] }],
        },
      ],
      targetGroupMetrics: groupMetrics({
        [TG]: { 'HealthyHostCount.min': always(0), RequestCount: always(120), HTTPCode_Target_2XX_Count: always(80) },
      }),
      loadBalancerMetrics: errorsOf(loop),
    }),
  ],
  [
    'tls-handshake-failing',
    (loop) => ({
      ...looping(loop, failing('Target.FailedHealthChecks')),
      targetGroups: [targetGroup('web', { targetType: 'ip', protocol: 'HTTPS' })],
      targetGroupMetrics: hosts(loop),
      loadBalancerMetrics: errorsOf(
        { ...loop, errors502: 60 },
        { TargetTLSNegotiationErrorCount: lately(loop.minutes, 60) },
      ),
    }),
  ],
];

describe.each(WHY)('%s, and a loop that comes of it', (why, incident) => {
  test('the loop is never told first', () => {
    let sure = 0;
    fc.assert(
      fc.property(loops, (loop) => {
        const { findings } = diagnose(aSnapshot(incident(loop)), CAUSES);
        const [first] = findings;
        if (!findings.some(({ cause, strength }) => cause === why && strength !== 'circumstantial')) return;
        sure += 1;
        expect(LOOPS).not.toContain(first?.cause);
      }),
      { numRuns: 40 },
    );
    expect(sure).toBeGreaterThan(30);
  });
});
