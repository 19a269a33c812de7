import { expect, test } from 'vitest';
import type { LoadBalancerMetric, Metrics, Values } from '../../../lambda/incident/evidence.ts';
import { ownErrors503 } from '../../../lambda/semantics/errors/error-series.ts';

const minutes = (of: Partial<Record<LoadBalancerMetric, Values>>): Metrics<LoadBalancerMetric> => ({
  grid: { from: '2026-03-10T14:00:00Z', minutes: 4 },
  values: { RequestCount: [100, 100, 100, 100], ...of },
});

test.each<[string, Partial<Record<LoadBalancerMetric, Values>>, boolean, Values]>([
  ['all, where no rule answers 503', { HTTP_Fixed_Response_Count: [40, 40, 40, 40] }, false, [0, 0, 60, 60]],
  ['none, where fixed responses make them up', { HTTP_Fixed_Response_Count: [0, 0, 60, 60] }, true, [0, 0, 0, 0]],
  ['those beyond the fixed responses', { HTTP_Fixed_Response_Count: [0, 0, 50, 20] }, true, [0, 0, 10, 40]],
  [
    'all, where there are as many fixed responses in minutes without a 503',
    { HTTP_Fixed_Response_Count: [60, 65, 60, 58] },
    true,
    [0, 0, 60, 60],
  ],
  [
    'those beyond the rise of the fixed responses',
    { HTTP_Fixed_Response_Count: [30, 20, 50, 80] },
    true,
    [0, 0, 30, 0],
  ],
  [
    'those that target optimizer does not reject',
    { TargetControlRequestRejectCount: [0, 0, 60, 45] },
    false,
    [0, 0, 0, 15],
  ],
])('503s of its own: %s', (_, ill, onPurpose, own) => {
  expect(ownErrors503(minutes({ HTTPCode_ELB_503_Count: [null, null, 60, 60], ...ill }), onPurpose)).toEqual(own);
});

test('nothing is known where nothing was reported', () => {
  const silent = { grid: { from: '2026-03-10T14:00:00Z', minutes: 2 }, values: {} };
  expect(ownErrors503(silent, true)).toEqual([null, null]);
});
