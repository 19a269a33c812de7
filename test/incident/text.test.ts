import { expect, test } from 'vitest';
import {
  andList,
  code,
  count,
  orList,
  percent,
  percentBelow,
  percentOf,
  phrase,
  resource,
  text,
  verbatim,
  wholeDuration,
  words,
} from '../../lambda/incident/text.ts';

const id: string = 'sg-1';
const state = 'stopped' as 'stopped' | 'terminated';

test('words of our own go in bare', () => {
  const plain = (parts: ReturnType<typeof text>) =>
    parts.map((part) => ('text' in part ? part.text : part.at)).join('');
  expect(
    plain(text`it is ${state}, ${count(2, 'target')}, ${3} ${'times'}, ${id === 'sg-1' ? 'here' : text`there`}`),
  ).toBe('it is stopped, 2 targets, 3 times, here');
  expect(plain(andList([state, count(1, 'target'), resource(id), code(80)]))).toBe('stopped, 1 target, sg-1 and 80');
  expect(plain(andList([]))).toBe('');
  expect(plain(andList(['a', 'b', 'c', 'd', 'e'], 3))).toBe('a, b and 3 more');
  expect(plain(orList(['502', '503'], ' or '))).toBe('502 or 503');
  expect(plain(words('so it is'))).toBe('so it is');
});

test('what AWS or a person wrote says what it is', () => {
  expect(text`${resource(id)}: ${verbatim('why')}`).toEqual([
    { kind: 'resource', text: 'sg-1' },
    { kind: 'word', text: ': ' },
    { kind: 'word', text: 'why', theirs: true },
  ]);
});

test.each([
  [0, '0 %'],
  [0.0004, 'under 0.1 %'],
  [0.001, '0.1 %'],
  [0.0046, '0.5 %'],
  [0.0996, '10 %'],
  [0.29, '29 %'],
  [0.487, '49 %'],
  [0.99, '99 %'],
  [0.993, '99.3 %'],
  [0.9999, '99.9 %'],
  [1, '100 %'],
])('%d as people say it: %s', (share, said) => {
  expect(percent(share)).toBe(said);
});

test.each<[number, number, string]>([
  [0.9896, 0.99, '98.9 %'],
  [0.985, 0.99, '98.5 %'],
  [0.984, 0.99, '98 %'],
  [0.99, 0.99, '99 %'],
  [0.9996, 1, '99.9 %'],
  [0.896, 0.9, '89.6 %'],
])('%d below %d, and never the limit itself: %s', (share, limit, said) => {
  expect(percentBelow(share, limit)).toBe(said);
});

test.each([
  [0.0009, 'under 0.1 %'],
  [0.001, 'about 0.1 %'],
  [0.49, 'about 49 %'],
])('%d with a word before it: %s', (share, said) => {
  expect(percentOf('about', share)).toBe(said);
});

/** The compiler runs it, and nobody else: each line must not compile. */
export const refused = (ids: readonly string[], maybe: string | null) => [
  // @ts-expect-error a bare string
  text`${id} is closed`,
  // @ts-expect-error the second one
  text`${resource(id)} is ${id}`,
  // @ts-expect-error a string that may not be there
  text`${maybe ?? 'nothing'}`,
  // @ts-expect-error a string within a string
  text`it is ${`closed (${id})`}`,
  // @ts-expect-error a list of strings
  andList(ids),
  // @ts-expect-error one string among others
  andList([code(80), id]),
  // @ts-expect-error strings with words between them
  orList(ids, ' or '),
  // @ts-expect-error a bare string between them
  orList([resource(id)], id),
  // @ts-expect-error no words of ours
  words(id),
  // @ts-expect-error no phrase of ours
  phrase`${id} is closed`,
  // @ts-expect-error no noun of ours
  count(2, id),
  // @ts-expect-error no plural of ours
  count(2, 'target', id),
];

test.each([
  [0, '0 s'],
  [60, '1 min'],
  [90, '90 s'],
  [150, '2 min 30 s'],
  [9000, '2 h 30 min'],
  [86_400, '24 h'],
  [50 * 3600, '2 days 2 h'],
  [7 * 86_400 + 600, '7 days 10 min'],
])('all of a length of %i seconds', (seconds, said) => {
  expect(wholeDuration(seconds)).toBe(said);
});
