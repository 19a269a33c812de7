import { expect, test } from 'vitest';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { cpuSaturationIn } from '../../../lambda/semantics/load/cpu-saturation.ts';

const span = { first: 20, last: 29 };
/** Thirty minutes at 20 %, and what is given. */
const cpu = (given: Record<number, number | null>): Values =>
  Array.from({ length: 30 }, (_, minute) => (minute in given ? (given[minute] ?? null) : 20));
const minutes = (first: number, last: number, value: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, index) => [first + index, value]));
const everyFive = (values: Values): Values => values.map((value, minute) => (minute % 5 === 0 ? value : null));

test.each<[string, Values | undefined, { first: number; last: number } | null | undefined]>([
  ['to the end', cpu(minutes(18, 29, 95)), { first: 18, last: 29 }],
  ['three minutes', cpu(minutes(22, 24, 90)), { first: 22, last: 24 }],
  ['two minutes', cpu(minutes(22, 23, 99)), null],
  ['a dip of one datapoint', cpu({ ...minutes(18, 25, 95), 21: 80 }), { first: 18, last: 25 }],
  [
    'a deeper dip: the run before it reaches into the span',
    cpu({ ...minutes(16, 29, 95), 21: 79 }),
    { first: 16, last: 20 },
  ],
  ['over before the span', cpu(minutes(10, 19, 95)), null],
  [
    'newest datapoints not there yet',
    cpu({ ...minutes(18, 24, 95), ...Object.fromEntries([25, 26, 27, 28, 29].map((m) => [m, null])) }),
    { first: 18, last: 29 },
  ],
  ['a single mean over five minutes', everyFive(cpu({ 25: 95 })), { first: 25, last: 29 }],
  ['a mean that covers the first minutes of the span', everyFive(cpu({ 20: 95 })), { first: 20, last: 24 }],
  ['below the limit', cpu(minutes(10, 29, 89.9)), null],
  [
    'no datapoint in the span',
    cpu(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [20 + index, null]))),
    undefined,
  ],
  ['never sent', undefined, undefined],
])('%s', (_, values, expected) => {
  const found = cpuSaturationIn(values, span);
  expect(found && { first: found.first, last: found.last }).toEqual(expected);
});
