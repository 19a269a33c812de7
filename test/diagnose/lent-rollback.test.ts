import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import {
  always,
  aSnapshot,
  change,
  deployment,
  ecsService,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  newest,
  TG,
  targetGroup,
  task,
  unhealthy,
} from '../support/a-snapshot.ts';

const stopped = (id: string, at: string) =>
  task(id, {
    startedBy: 'ecs-svc/8',
    taskDefinition: 'web:8',
    status: 'STOPPED',
    startedAt: '2026-03-10T14:13:00Z',
    stoppingAt: at,
    stoppedAt: at,
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${TG})`,
  });
/** `web:8` since 14:12, whose health page is answered 404; unhealthy since 14:20. */
const released = (createdAt = '2026-03-10T14:12:00Z', ill: Ill = {}): Ill => ({
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: ['10.0.10.21', '10.0.10.22'].map((id) => unhealthy(id, 'Target.ResponseCodeMismatch')),
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(10, 20), HTTPCode_ELB_5XX_Count: lately(10, 20) }),
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': [...always(2).slice(10), ...newest().slice(0, 10)],
      'UnHealthyHostCount.max': lately(10, 2),
    },
  }),
  ecsServices: [
    ecsService({
      taskDefinition: 'web:8',
      deployments: [
        deployment({
          id: 'ecs-svc/8',
          rolloutState: 'IN_PROGRESS',
          taskDefinition: 'web:8',
          failedTasks: 4,
          createdAt,
        }),
        deployment({ id: 'ecs-svc/7', status: 'ACTIVE' }),
      ],
    }),
  ],
  ecsTasks: ['14:16', '14:19', '14:23', '14:26'].map((clock, index) => stopped(`s${index}`, `2026-03-10T${clock}:00Z`)),
  ...ill,
});
const ROLL_BACK = 'rolls back';
const fixesOf = (ill: Ill) => {
  const [first] = diagnose(aSnapshot(ill), CAUSES).findings;
  expect(first?.cause).toBe('health-check-code-mismatch');
  return first?.fixes.map(({ run }) => (run?.includes('--task-definition') ? ROLL_BACK : run?.slice(1, 3).join(' ')));
};
const pathChanged = change(
  { is: 'settings', of: 'web', set: { healthCheckPath: '/ready' } },
  { at: '2026-03-10T14:15:00Z', resources: [TG] },
);

test('the version that brought failing checks with it is rolled back first', () => {
  expect(fixesOf(released())?.[0]).toBe(ROLL_BACK);
});

test.each([
  ['it came after they began to fail', released('2026-03-10T14:25:00Z')],
  ['another change made them fail', released('2026-03-10T14:12:00Z', { changes: [pathChanged] })],
  [
    'the group was never healthy: the old version would not be, either',
    released('2026-03-10T14:12:00Z', {
      targetGroupMetrics: groupMetrics({
        [TG]: { 'HealthyHostCount.min': always(0), 'UnHealthyHostCount.max': lately(10, 2) },
      }),
    }),
  ],
])('a version is not rolled back where %s', (_, ill) => {
  expect(fixesOf(ill)).not.toContain(ROLL_BACK);
});
