import { expect, test } from 'vitest';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { levelBefore, riseOf } from '../../../lambda/semantics/errors/count-rise.ts';
import { errorEpisode } from '../../../lambda/semantics/errors/episode.ts';
import { always, between, lately, metrics, newest } from '../../support/a-snapshot.ts';

/** Errors from minute 171 of 180 on, which is 14:21. */
const episode = errorEpisode(
  metrics({ HTTPCode_ELB_502_Count: lately(9, 50), HTTPCode_ELB_5XX_Count: lately(9, 50) }),
  {
    from: '2026-03-10T14:00:00Z',
    to: '2026-03-10T14:30:00Z',
  },
);
if (episode === null) throw new Error('there are errors');
const withZeros = (values: Values): Values => values.map((value) => value ?? 0);
const rising = (level: number, minutes: number, value: number): Values => [
  ...always(level).slice(0, 180 - minutes),
  ...Array(minutes).fill(value),
];

test.each<[string, Values, { since: string; before: number | null; count: number } | null]>([
  ['from nothing, with the errors', withZeros(lately(9, 50)), { since: '2026-03-10T14:21:00Z', before: 0, count: 450 }],
  [
    'from nothing, ten minutes ahead of them',
    withZeros(between(19, 9, 5)),
    { since: '2026-03-10T14:11:00Z', before: 0, count: 50 },
  ],
  ['earlier, and over: no part of it', withZeros(between(60, 20, 5)), null],
  ['during the errors', withZeros(newest(7, 7)), { since: '2026-03-10T14:28:00Z', before: 0, count: 14 }],
  [
    'to more than twice its level: what lies above the level counts',
    rising(10, 9, 21),
    { since: '2026-03-10T14:21:00Z', before: 10, count: 99 },
  ],
  ['to twice its level: no rise', rising(10, 9, 20), null],
  ['a level that stays', always(10), null],
  ['now and then, as before', always(0).map((_, minute) => (minute % 9 === 0 ? 1 : 0)), null],
  [
    'now and then before, every minute now',
    always(0).map((_, minute) => (minute % 9 === 0 || minute >= 171 ? 1 : 0)),
    { since: '2026-03-10T14:12:00Z', before: 0.1, count: 9 },
  ],
  [
    'nobody saw the minutes before: what came counts, and no level is told',
    lately(9, 50),
    { since: '2026-03-10T14:21:00Z', before: null, count: 450 },
  ],
  ['never sent', [], null],
])('%s', (_, values, expected) => {
  expect(riseOf(values, episode)).toEqual(expected);
});

test('there is no level where less than 20 minutes before the errors were read', () => {
  expect(levelBefore(always(5), { ...episode, span: { first: 5, last: 179 } })).toBeNull();
  expect(levelBefore(always(5), { ...episode, span: { first: 30, last: 179 } })).toBe(5);
  expect(levelBefore(always(5), { ...episode, span: { first: 29, last: 179 } })).toBeNull();
});
