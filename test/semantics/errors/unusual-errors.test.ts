import { expect, test } from 'vitest';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { countedErrors } from '../../../lambda/semantics/errors/errors.ts';
import { metrics, NOW, newest } from '../../support/a-snapshot.ts';

const window = { from: '2026-03-10T14:00:00Z', to: NOW };
const some = (minutes: number, value: number | null): Values => Array.from({ length: minutes }, () => value);

/** Oldest first, the last one at 14:29. */
function unusual(errors502: Values, target5xx: Values, requests: Values = some(errors502.length, 6000)) {
  const errors = countedErrors(
    metrics({
      HTTPCode_ELB_502_Count: newest(...errors502),
      HTTPCode_ELB_5XX_Count: newest(...errors502),
      HTTPCode_Target_5XX_Count: newest(...target5xx),
      RequestCount: newest(...requests),
    }),
    window,
  );
  return { '502': Math.round(errors.unusual('502')), target5xx: Math.round(errors.unusual('target5xx')) };
}

test.each<[string, Values, Values, Values | undefined, { '502': number; target5xx: number }]>([
  [
    'what the targets always answer, beside an outage',
    [...some(60, null), ...some(9, 200)],
    some(69, 2),
    undefined,
    { '502': 1800, target5xx: 0 },
  ],
  [
    'the same, which grows with the traffic',
    [...some(60, null), ...some(9, 200)],
    [...some(60, 2), ...some(9, 4)],
    [...some(60, 6000), ...some(9, 12_000)],
    { '502': 1800, target5xx: 0 },
  ],
  [
    'twice as much as always is more, and told without the usual',
    [...some(60, null), ...some(9, 200)],
    [...some(60, 20), ...some(9, 40)],
    undefined,
    { '502': 1800, target5xx: 180 },
  ],
  [
    'a few more than always are chance',
    [...some(60, null), ...some(9, 200)],
    [...some(60, 2), ...some(8, 2), 10],
    undefined,
    { '502': 1800, target5xx: 0 },
  ],
  [
    'bursts with pauses, the usual known from the pauses alone',
    [14, null, null, null, null, null, null, null, null, null].flatMap((_, index, burst) => (index < 4 ? burst : [])),
    some(40, 2),
    undefined,
    { '502': 56, target5xx: 0 },
  ],
  [
    'of less than twenty quiet minutes nobody knows what is usual',
    [...some(19, null), ...some(9, 200)],
    some(28, 2),
    undefined,
    { '502': 1800, target5xx: 18 },
  ],
])('%s', (_, errors502, target5xx, requests, expected) => {
  expect(unusual(errors502, target5xx, requests)).toEqual(expected);
});
