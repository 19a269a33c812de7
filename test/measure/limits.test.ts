import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../lambda/incident/cause.ts';
import { declaredInSeveral, neededByNoOther, neededByTestsOnly } from './exports.ts';
import { figuresOf, median, type Size } from './figures.ts';
import { parseHouse, readHouse } from './house.ts';
import { filesNamedByParticiple } from './names.ts';
import { tablesReadWithoutCare } from './tables.ts';

/** `npm run measure` prints the figures. Where one is over its limit, divide what grew; the limit stays. */
const house = readHouse();
const { causes, causesWithParts, judging, functions, linesOfCauses, files } = figuresOf(house);

const linesOf = (sized: readonly Size[]): readonly number[] => sized.map(({ lines }) => lines);
const over = (sized: readonly Size[], limit: number) => sized.filter(({ lines }) => lines > limit);

describe('a cause', () => {
  test('is measured, each', () => {
    const catalogue = Object.values(CATALOGUE).flat();
    expect(causes).toHaveLength(catalogue.length);
    expect(causesWithParts).toHaveLength(catalogue.length);
    expect(judging).toHaveLength(catalogue.length);
  });

  test('is short', () => {
    expect(over(causes, 120)).toEqual([]);
    expect(median(linesOf(causes))).toBeLessThanOrEqual(95);
  });

  test('is short with its private parts', () => {
    expect(over(causesWithParts, 450)).toEqual([]);
    expect(median(linesOf(causesWithParts))).toBeLessThanOrEqual(175);
  });

  test('judges plainly', () => {
    expect(median(judging.map(({ complexity }) => complexity))).toBeLessThanOrEqual(8);
  });

  test('leaves the whole small, with what causes share', () => {
    expect(linesOfCauses).toBeLessThanOrEqual(13_200);
  });
});

test('no function is tangled', () => {
  expect(functions.filter(({ complexity }) => complexity > 20)).toEqual([]);
});

test('no file is long', () => {
  expect(over(files, 250)).toEqual([]);
});

test('what is exported is needed elsewhere, and by more than tests', () => {
  expect(neededByNoOther(house)).toEqual([]);
  expect(neededByTestsOnly(house)).toEqual([]);
});

test('an exported name has one meaning', () => {
  expect([...declaredInSeveral(house)]).toEqual([]);
});

test('no table is read by a name that others wrote, as `constructor` is in every object: `inTable` knows', () => {
  const table = "const SAID: Readonly<Record<string, string>> = { a: 'b' };";
  const read = (key: string) => tablesReadWithoutCare(parseHouse({ 'lambda/a.ts': `${table} SAID[${key}];` }));
  expect([read('name'), read("'a'")]).toEqual([['lambda/a.ts:1 SAID[name]'], []]);
  expect(tablesReadWithoutCare(house)).toEqual([]);
});

test('the name of a file says what it holds', () => {
  expect(filesNamedByParticiple(house)).toEqual([]);
});
