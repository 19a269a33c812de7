import fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotIn } from '../../lambda/entry/cli/saved-snapshot.ts';
import { NotTriaged } from '../../lambda/entry/cli/shell.ts';
import { snapshotDiagnosis } from '../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { hostileText, runs } from './runs.ts';
import { someSnapshots } from './some-snapshots.ts';
import { expectHarmless } from './told.ts';

const SAVED = someSnapshots();

type Path = readonly (string | number)[];

function withValueAt(value: unknown, [key, ...rest]: Path, junk: unknown): unknown {
  // Half of them are of the kind that was there: such a snapshot is not refused at the door.
  if (key === undefined) return typeof junk === 'function' ? junk(value) : junk;
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string | number, unknown>;
  if (rest.length === 0 && junk === undefined) delete copy[key];
  else
    Object.defineProperty(copy, key, {
      value: withValueAt(copy[key], rest, junk),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return copy;
}

/** All that are the same text, so that what belongs together still does. */
function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === from ? to : key, renamed(item, from, to)]),
  );
}

/** Refused in a sentence that names the field, or judged whole. */
export function judged(saved: unknown): Diagnosis | undefined {
  try {
    return snapshotDiagnosis(snapshotIn(JSON.stringify(saved), 'it'));
  } catch (error) {
    if (error instanceof NotTriaged) expect(error.message).toMatch(/^it (is not|was saved|is a report)/);
    else throw error;
    return undefined;
  }
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    0,
    -1,
    0.5,
    1e15,
    1e300,
    '',
    'junk',
    [],
    {},
    [null],
    { a: { b: [] } },
    true,
    '2026-03-10T14:24:00Z',
    '9999-12-31T23:59:59Z',
  ),
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
);

/** Another value of the same kind. */
const alike = fc
  .tuple(hostileText, fc.constantFrom(0, -1, 0.5, 7, 1e9, 1e15, 1e300, -1e300))
  .map(([text, number]) => (value: unknown): unknown => {
    if (typeof value === 'string')
      return /^\d{4}-\d\d-\d\dT/.test(value) ? `${number > 1e9 ? '9999' : '1970'}-01-01T00:00:00Z` : text;
    if (typeof value === 'number') return number;
    if (typeof value === 'boolean') return !value;
    if (Array.isArray(value)) return number < 1 ? [] : [...value, ...value];
    return value;
  });

const spoilt = fc.constantFrom(...SAVED).chain(({ snapshot, paths }) =>
  fc
    .array(fc.tuple(fc.nat({ max: paths.length - 1 }), fc.oneof(junk, { arbitrary: alike, weight: 2 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => changes.reduce<unknown>((value, [at, to]) => withValueAt(value, paths[at] ?? [], to), snapshot)),
);

const called = fc.constantFrom(...SAVED).chain(({ snapshot, texts }) =>
  fc
    .array(fc.tuple(fc.nat({ max: texts.length - 1 }), hostileText, fc.boolean()), { minLength: 1, maxLength: 6 })
    .map((changes) =>
      changes.reduce<unknown>((value, [at, to, after]) => {
        const from = texts[at] ?? '';
        return renamed(value, from, after ? from + to : to);
      }, snapshot),
    ),
);

function expectRefusedOrHarmless(saved: unknown): void {
  const diagnosis = judged(saved);
  if (diagnosis === undefined) return;
  expect(diagnosis.broken).toEqual([]);
  expectHarmless(diagnosis);
}

test('a snapshot with values spoilt is refused by name, or told without a slip', () => {
  fc.assert(fc.property(spoilt, expectRefusedOrHarmless), runs(60, 20_000));
});

test('whatever AWS and people call things, what is told of them does no harm', () => {
  fc.assert(fc.property(called, expectRefusedOrHarmless), runs(14, 20_000));
});
