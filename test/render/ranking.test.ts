import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderRanking } from '../../lambda/render/ranking.ts';
import { aSnapshot, lately, metrics, unhealthy } from '../support/a-snapshot.ts';

test('lists the findings best first, with what holds them back', () => {
  const errors = metrics({ HTTPCode_Target_5XX_Count: lately(9, 40) });
  const targetHealth = ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.ResponseCodeMismatch'));
  const diagnosis = diagnose(aSnapshot({ targetHealth, loadBalancerMetrics: errors }), CAUSES);
  const [first = '', second = ''] = renderRanking(diagnosis).split('\n');
  expect(first).toBe(
    '1. target-returns-5xx          strong, explains 100 %         The application answers 5xx itself: 33 % of all requests',
  );
  expect(second).toMatch(
    /^2\. health-check-code-mismatch {2}circumstantial, explains none {2}The health check of web expects/,
  );
});
