import { expect, test } from 'vitest';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { levelIn } from '../../../lambda/semantics/time/minutes.ts';

const HOUR = { first: 0, last: 59 };
const minutes = (seen: (minute: number) => boolean): Values =>
  Array.from({ length: 60 }, (_, minute) => (seen(minute) ? 6 : null));

test.each<[what: string, values: Values | undefined, level: number | null]>([
  ['twenty minutes are enough to know it', minutes((minute) => minute >= 40), 6],
  ['nineteen are not', minutes((minute) => minute >= 41), null],
  ['wherever they lie', minutes((minute) => minute % 3 === 0 || minute === 1), 6],
  ['four datapoints of five minutes each', minutes((minute) => minute % 5 === 0 && minute < 20), 6],
  ['three of them', minutes((minute) => minute % 5 === 0 && minute < 15), null],
  ['two an hour apart tell of ten minutes', minutes((minute) => minute % 50 === 0), null],
  ['eight that come now and then tell of eight', minutes((minute) => minute % 7 === 0), null],
  ['one', minutes((minute) => minute === 3), null],
  ['nothing', [], null],
  ['never sent', undefined, null],
])('the level of an hour: %s', (_, values, level) => {
  expect(levelIn(values, HOUR)).toBe(level);
});

test('there is no level before the first minute', () => {
  expect(levelIn(Array(60).fill(6), { first: -60, last: -1 })).toBeNull();
  expect(levelIn(Array(60).fill(6), { first: -60, last: -5 })).toBeNull();
  expect(levelIn(Array(60).fill(6), { first: -40, last: 19 })).toBe(6);
  expect(levelIn(Array(60).fill(6), { first: -40, last: 18 })).toBeNull();
});
