import { expect, test } from 'vitest';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { timeoutsByGroup } from '../../../lambda/semantics/errors/kinds-by-group.ts';

const SPAN = { first: 0, last: 19 };
const from = (minute: number, count: number): Values =>
  Array.from({ length: 20 }, (_, at) => (at < minute ? 0 : count));
const sum = (...all: readonly Values[]): Values =>
  Array.from({ length: 20 }, (_, at) => all.reduce((total, values) => total + (values[at] ?? 0), 0));
const later = (values: Values): Values => [0, ...values.slice(0, -1)];

test.each<[string, readonly Values[], Values, Values, readonly number[] | null]>([
  ['one refuses, and another waits from later on', [from(0, 300), from(9, 200)], from(0, 300), from(9, 200), [0, 1]],
  [
    'the same, and what waits is counted a minute later',
    [from(0, 300), from(9, 200)],
    from(0, 300),
    later(from(9, 200)),
    [0, 1],
  ],
  ['both wait', [from(0, 300), from(9, 200)], from(0, 0), sum(from(0, 300), from(9, 200)), [1, 1]],
  ['both began at once, with as many requests', [from(0, 250), from(0, 250)], from(0, 250), from(0, 250), null],
  [
    'each fails half in one way, half in the other',
    [from(0, 300), from(9, 200)],
    sum(from(0, 150), from(9, 100)),
    sum(from(0, 150), from(9, 100)),
    null,
  ],
  ['one group alone: it may fail in both', [from(0, 300)], from(0, 150), from(0, 150), null],
  ['hardly any of another group', [from(0, 300), from(9, 3)], from(0, 300), from(9, 3), null],
  [
    'more groups than can be told apart',
    Array.from({ length: 7 }, (_, at) => from(at, 100)),
    from(0, 100),
    sum(...Array.from({ length: 6 }, (_, at) => from(at + 1, 100))),
    null,
  ],
])('%s', (_, failed, errors502, errors504, expected) => {
  const groups = failed.map((values, index) => ({ id: `${index}`, failed: values }));
  const told = timeoutsByGroup(groups, { errors502, errors504 }, SPAN);
  expect(told && [...told.values()]).toEqual(expected);
});
