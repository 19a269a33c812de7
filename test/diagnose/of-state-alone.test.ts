import { describe, expect, test } from 'vitest';
import nothingListening from '../../lambda/causes/backend-down/nothing-listening/cause.ts';
import crashing from '../../lambda/causes/crash-or-oom/crashing-backend/cause.ts';
import outOfMemory from '../../lambda/causes/crash-or-oom/out-of-memory/cause.ts';
import deploymentFailing from '../../lambda/causes/deployment/deployment-failing/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { aSnapshot, denied, ecsService, type Ill, unhealthy } from '../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../support/application-status.ts';
import { ago, exited, inTasks, OOM, SCALING, unscheduled } from '../support/containers.ts';
import { outcome } from '../support/judged.ts';

const METRICS = 'cloudwatch:GetMetricData';
const refused = denied(METRICS);
const without: Ill = {
  loadBalancerMetrics: refused,
  targetGroupMetrics: refused,
  instanceMetrics: refused,
  serviceMetrics: refused,
};
const service: Ill = { ...inTasks, ...without, ecsServices: [ecsService()] };
const [deployment] = ecsService().deployments;
const failed = (createdAt: string, rolloutState: 'FAILED' | 'COMPLETED' = 'FAILED') => ({
  ...service,
  ecsServices: [
    ecsService({
      deployments: [
        {
          ...(deployment ?? {
            id: 'ecs-svc/8',
            status: 'PRIMARY',
            taskDefinition: 'web:8',
            desired: 2,
            running: 0,
            pending: 0,
            failedTasks: 3,
            updatedAt: null,
            rolloutReason: null,
          }),
          rolloutState,
          createdAt,
        },
      ],
    }),
  ],
});
const refuses = (reason: string): Ill => ({
  ...without,
  targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks'), unhealthy('i-2', 'Target.FailedHealthChecks')],
  ...bothChecked(applicationCheck(reason)),
});

describe('without any metric', () => {
  test.each([
    ['a task was killed for memory', outOfMemory, { ...service, ecsTasks: [exited('a', 4, 137, OOM)] }],
    ['a task exited by itself', crashing, { ...service, ecsTasks: [exited('a', 4, 1)] }],
    ['ECS gave a deployment up', deploymentFailing, failed(ago(10))],
    ['EC2 itself was refused on the port', nothingListening, refuses('ConnectionRefused')],
  ])('%s: suspected, and its effect on requests was not seen', (_, cause, ill) => {
    expect(outcome(cause, ill)).toBe('found circumstantial');
    const diagnosis = diagnose(aSnapshot(ill), CAUSES);
    expect(diagnosis.verdict).toMatchObject({ status: 'suspected', cause: cause.id });
    expect(diagnosis.findings[0]).toMatchObject({ strength: 'circumstantial', share: null });
    const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
    expect(mail).toContain(`whether requests failed for it was not seen: ${METRICS} was denied`);
    expect(mail).not.toMatch(/Identified|[Ee]xplains \d+ %|the state AWS reports proves/);
  });

  test.each([
    ['it exited with the signal of a kill', outOfMemory, { ...service, ecsTasks: [exited('a', 4, 137)] }],
    ['it was killed before the window', outOfMemory, { ...service, ecsTasks: [exited('a', 45, 137, OOM)] }],
    ['ECS stopped it to scale', crashing, { ...service, ecsTasks: [unscheduled('a', 4, SCALING)] }],
    [
      'it was killed for memory, which is another cause',
      crashing,
      { ...service, ecsTasks: [exited('a', 4, 137, OOM)] },
    ],
    ['the deployment is whole', deploymentFailing, failed(ago(10), 'COMPLETED')],
    ['it was given up yesterday', deploymentFailing, failed(ago(1440))],
    [
      'checks of the load balancer fail, and nothing says why',
      nothingListening,
      { ...refuses('ConnectionRefused'), applicationStatus: [] },
    ],
    ['EC2 gets an answer there', nothingListening, refuses('ResponseCodeMatched')],
  ])('%s: that proves nothing', (_, cause, ill) => {
    expect(outcome(cause, ill)).toBe('undetermined');
  });

  test('what fails by more than metrics stays undetermined', () => {
    const blind = { ...service, ecsTasks: denied('ecs:ListTasks') };
    expect(outcome(outOfMemory, blind)).toBe('undetermined');
  });

  test('a deployment that fails since its tasks exit stands above their exits, as it does with metrics', () => {
    const ill = {
      ...failed(ago(10)),
      ecsTasks: [exited('a', 8, 1), exited('b', 4, 1)],
    };
    const [first, second] = diagnose(aSnapshot(ill), CAUSES).findings;
    expect([first?.cause, second?.cause, second?.symptomOf]).toEqual([
      'deployment-failing',
      'crashing-backend',
      'deployment-failing',
    ]);
  });
});
