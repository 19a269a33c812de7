import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { withFewIds } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { aSnapshot, denied, ecsService, type Ill, partly } from '../support/a-snapshot.ts';
import { errors, exited, inTasks, OOM } from '../support/containers.ts';

const killed: Ill = {
  ...inTasks,
  ecsServices: [ecsService()],
  loadBalancerMetrics: errors('502', 9, 11, 4, 8),
  ecsTasks: [exited('a', 4, 137, OOM)],
};
const mail = (ill: Ill): string => renderEmail(diagnose(aSnapshot(ill), CAUSES)).replace(/\s+/g, ' ');

test('what would have told more of a found cause is named, with the call that was refused', () => {
  const said = mail({ ...killed, ecsTaskDefinitions: denied('ecs:DescribeTaskDefinition') });
  expect(said).toContain('Identified');
  expect(said).toMatch(/Also not seen: [^.]*ECS task definitions \(ecs:DescribeTaskDefinition was denied\)/);
  expect(said).toMatch(/More would be known of [^.]*out-of-memory/);
});

test('so is a part of it', () => {
  const gap = { why: 'failed' as const, detail: 'ecs:DescribeTaskDefinition failed', ids: ['web:7'] };
  expect(mail({ ...killed, ecsTaskDefinitions: partly([], gap) })).toMatch(/Also not seen: [^.]*ECS task definitions/);
});

test('where all was seen, or nobody asked, nothing is said of it', () => {
  expect(mail(killed)).not.toContain('Also not seen');
  const gap = { why: 'not-asked' as const, detail: 'nobody asked for it', ids: ['web:7'] };
  expect(mail({ ...killed, ecsTaskDefinitions: partly([], gap) })).not.toContain('Also not seen');
});

test('what other causes wait for is told there, and not again', () => {
  const said = mail({ ...killed, serviceMetrics: denied('cloudwatch:GetMetricData') });
  expect(said).toMatch(/- Service metrics \([^)]*\): cloudwatch:GetMetricData was denied/);
  expect(said).not.toMatch(/Also not seen:[^.]*service metrics/);
});

const ids = (many: number) => Array.from({ length: many }, (_, n) => `i-${n}`);
const missing = { evidence: 'instanceMetrics', why: 'partial' } as const;

test.each([
  [50, 50, undefined],
  [51, 50, 1],
  [300, 50, 250],
])('of %i ids %i are listed, and the others counted', (many, listed, omitted) => {
  const few = withFewIds({ ...missing, ids: ids(many) }, 50);
  expect([few.ids?.length, few.omitted]).toEqual([listed, omitted]);
  expect(withFewIds(few, 5).omitted).toBe(many - 5);
});
