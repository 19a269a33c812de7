import { expect, test } from 'vitest';
import { regularBeginnings } from '../../../lambda/semantics/time/regular-beginnings.ts';

test.each<[string, number[], number, number, number | undefined]>([
  ['all of them', [0, 60, 120, 180], 1, 4, 60],
  ['within 15 % of the usual interval', [0, 60, 125, 182], 1, 4, 60],
  ['only the newest', [0, 30, 100, 160, 220], 1, 3, 60],
  ['no better than to the unit', [0, 9, 20, 30], 2, 4, 10],
  ['one alone', [7], 1, 1, undefined],
])('%s', (_, beginnings, unit, count, every) => {
  expect(regularBeginnings(beginnings, unit)).toMatchObject({ count, every });
});
