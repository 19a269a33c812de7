import { describe, expect, test } from 'vitest';
import { declaredInSeveral, exportedBy, neededByNoOther, neededByTestsOnly } from './exports.ts';
import { figuresOf, median } from './figures.ts';
import { functionsIn } from './functions.ts';
import { parseHouse } from './house.ts';
import { exportsNamedByParticiple, filesNamedByParticiple } from './names.ts';

function parse(source: string) {
  const [tree] = parseHouse({ 'lambda/some.ts': source }).values();
  if (tree === undefined) throw new Error('nothing parsed');
  return tree;
}

describe('the complexity of a function', () => {
  const complexityOf = (body: string) => functionsIn(parse(`function some() { ${body} }`))[0]?.complexity;

  test.each([
    ['', 1],
    ['if (a) b(); else c();', 2],
    ['if (a) b(); else if (c) d();', 3],
    ['for (;;) a();', 2],
    ['for (const a of b) c();', 2],
    ['for (const a in b) c();', 2],
    ['while (a) b();', 2],
    ['do a(); while (b);', 2],
    ['switch (a) { case 1: case 2: b(); break; default: c(); }', 3],
    ['try { a(); } catch { b(); } finally { c(); }', 2],
    ['return a ? b : c;', 2],
    ['return a && b || c;', 3],
    ['return a ?? b;', 2],
    ['a ??= b; a ||= b; a &&= b;', 4],
    ['return a?.b?.c;', 1],
    ['type A = B extends C ? D : E;', 1],
  ])('%s: %i', (body, complexity) => {
    expect(complexityOf(body)).toBe(complexity);
  });

  test('has that of the functions in it', () => {
    const nested = 'return all.filter((one) => one.a && one.b).map(function of(one) { return one.c ? 1 : 2; });';
    expect(complexityOf(nested)).toBe(3);
  });
});

test('a function is listed once, with its name, its place and its lines, and not what is nested in it', () => {
  const source = `import a from 'a';
export function declared() {
  return a.map((one) => one);
}
const held = (one: string) => one;
class Some {
  constructor() {}
  method() {
    return 1;
  }
  get it() { return 2; }
}
export default define({
  examine(seen) {
    return () => seen;
  },
  says: () => 3,
});
declare function without(): void;
overload(function () {});
`;
  expect(functionsIn(parse(source)).map(({ line, name, lines }) => `${line} ${name} ${lines}`)).toEqual([
    '2 declared 3',
    '5 held 1',
    '7 Some 1',
    '8 method 3',
    '11 it 1',
    '14 examine 3',
    '17 says 1',
    '20 unnamed 1',
  ]);
});

describe('causes', () => {
  const cause = (lines: number, examine = '') =>
    `${'// a line\n'.repeat(lines - 1)}export default defineCause({ examine() { ${examine} }, other: () => a || b });\n`;
  const house = parseHouse({
    'lambda/causes/cause.ts': 'export const defineCause = 1;\n',
    'lambda/causes/overload/hot/cause.ts': `import '../limit/limit.ts';\n${cause(3, 'if (a) b();')}`,
    'lambda/causes/overload/hot/cores.ts': '\n\n',
    'lambda/causes/overload/full/cause.ts': `import { l } from '../limit/limit.ts';\n${cause(9)}`,
    'lambda/causes/overload/full/deep/part.ts': '\n',
    'lambda/causes/overload/spent/cause.ts': `import { l } from '../limit/limit.ts';\nimport { o } from '../only/one.ts';\n${cause(1)}`,
    'lambda/causes/overload/limit/limit.ts': "import { t } from './two.ts';\nexport const l = 1;\n",
    'lambda/causes/overload/limit/two.ts': 'export const t = 1;\n',
    'lambda/causes/overload/only/one.ts': "import { t } from './three.ts';\nexport const o = 1;\n",
    'lambda/causes/overload/only/three.ts': 'export const t = 1;\n',
    'lambda/remedies/group.ts': '\n\n',
    'lambda/computed/errors.ts': '\n',
    'test/causes/overload/hot/cause.ts': '\n\n\n\n\n\n',
  });
  const { causes, causesWithParts, judging, linesOfCauses, files } = figuresOf(house);

  test('are their files', () => {
    expect(causes.map(({ file, lines }) => `${file} ${lines}`)).toEqual([
      'lambda/causes/overload/hot/cause.ts 4',
      'lambda/causes/overload/full/cause.ts 10',
      'lambda/causes/overload/spent/cause.ts 3',
    ]);
  });

  test('have as private parts what is in their folder, and what is called shared and is not', () => {
    expect(causesWithParts.map(({ file, lines }) => `${file} ${lines}`)).toEqual([
      'lambda/causes/overload/hot/ 6',
      'lambda/causes/overload/full/ 11',
      'lambda/causes/overload/spent/ 6',
    ]);
  });

  test('judge by `examine`', () => {
    expect(judging.map(({ file, complexity }) => `${file} ${complexity}`)).toEqual([
      'lambda/causes/overload/hot/cause.ts 2',
      'lambda/causes/overload/full/cause.ts 1',
      'lambda/causes/overload/spent/cause.ts 1',
    ]);
  });

  test('are counted together with remedies and what is computed; tests are not', () => {
    expect(linesOfCauses).toBe(1 + 6 + 11 + 6 + 3 + 2 + 1);
    expect(files.some(({ file }) => file.startsWith('test/'))).toBe(false);
  });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('a file exports the names that it declares, not those it hands on', () => {
  const source = `import { e, type F } from './other.ts';
export { g } from './other.ts';
export * from './other.ts';
export const a = 1, { b, c: [d] } = e;
export function f() {}
export class G {}
export interface H {}
export type I = H;
const j = 1;
const k = 2;
type L = 3;
export { j, k as m, type L };
export { e, type F };
export default function n() {}
`;
  expect(exportedBy(parse(source))).toEqual(['a', 'b', 'd', 'f', 'G', 'H', 'I', 'j', 'k', 'L']);
});

describe('who needs an exported name', () => {
  const tell = (found: readonly { file: string; name: string }[]) => found.map(({ file, name }) => `${file} ${name}`);
  const home = 'lambda/home.ts';
  const exported = 'export const a = 1;\nexport const b = () => a;\n';

  test.each([
    ['nobody', {}, [`${home} a`, `${home} b`]],
    ['another room', { 'infra/i.ts': "import { a, b as c } from '../lambda/home.ts';" }, []],
    ['a type only', { 'infra/i.ts': "import type { a, b } from '../lambda/home.ts';" }, []],
    ['a type in a line', { 'infra/i.ts': "let x: import('../lambda/home.ts').a;" }, [`${home} b`]],
    ['all at once', { 'infra/i.ts': "import * as home from '../lambda/home.ts';" }, []],
    ['what is loaded late', { 'infra/i.ts': "const home = () => import('../lambda/home.ts');" }, []],
    ['a test', { 'test/h.test.ts': "import { a, b } from '../lambda/home.ts';" }, []],
    ['one of the same name', { 'lambda/x/home.ts': "import { a, b } from './other.ts';" }, [`${home} a`, `${home} b`]],
    ['who hands it on in vain', { 'lambda/i.ts': "export { a, b } from './home.ts';" }, [`${home} a`, `${home} b`]],
    [
      'who is handed it',
      { 'lambda/i.ts': "export { a as c, b } from './home.ts';", 'infra/i.ts': "import { c } from '../lambda/i.ts';" },
      [`${home} b`],
    ],
    ['the outside', { 'lambda/entry/alarm.ts': "export { a, b } from '../home.ts';" }, []],
  ])('%s', (_, others: Record<string, string>, unneeded) => {
    expect(tell(neededByNoOther(parseHouse({ [home]: exported, ...others })))).toEqual(unneeded);
  });

  test.each([
    ['of a parameter', 'export function a(one: T) {}'],
    ['of what is returned', 'export const a = (): readonly T[] => [];'],
    ['of a constant', 'export const a: T = 1;'],
    ['of a field', 'export interface a { readonly one: T }'],
    ['of a method', 'export class a { one(of: T) {} }'],
    ['through a type between', 'type U = { of: T }; export const a: U = {};'],
  ])('a type may be exported for the signature %s', (_, source) => {
    const user = "import { a } from './home.ts';";
    expect(neededByNoOther(parseHouse({ [home]: `export type T = 1;\n${source}`, 'lambda/u.ts': user }))).toEqual([]);
  });

  test('not for a function’s inside, nor for the signature of what nobody needs; and nothing but a type', () => {
    const source = `export type T = 1;
export type U = 2;
export const c = 3;
export function a(one = c) { const two: T = 1; }
export function b(one: U) {}
`;
    const house = parseHouse({ [home]: source, 'lambda/u.ts': "import { a } from './home.ts';" });
    expect(tell(neededByNoOther(house))).toEqual([`${home} T`, `${home} U`, `${home} c`, `${home} b`]);
  });

  test('tests only: where not even its own file mentions it', () => {
    const source = `export const a = 1;
export const b = 2;
export const c = b;
export const d = { a: 1 }.a;
`;
    const needing = "import { a, b, c, d } from '../lambda/home.ts';";
    const house = parseHouse({
      [home]: source,
      'test/home.test.ts': needing,
      'lambda/u.ts': "import { d } from './home.ts';",
    });
    expect(tell(neededByTestsOnly(house))).toEqual([`${home} a`, `${home} c`]);
  });
});

test('a name that several files export is told with them; in tests, and as a default, it is nobody’s', () => {
  const house = parseHouse({
    'lambda/a.ts': 'export const one = 1; export type Two = 2; export default three;',
    'infra/b.ts': "export type one = 1; export { Two } from '../lambda/a.ts'; export default three;",
    'test/c.ts': 'export type Two = 3;',
  });
  expect([...declaredInSeveral(house)]).toEqual([['one', ['lambda/a.ts', 'infra/b.ts']]]);
});

test('a bare participle names no thing', () => {
  const house = parseHouse({
    'lambda/kept.ts': 'export const listed = 1; export const listedOnce = 2; export type Held = 3;',
    'lambda/kept-tasks.ts': '',
    'lambda/observed.ts': '',
    'test/told.ts': 'export const told = 1;',
  });
  expect(filesNamedByParticiple(house)).toEqual(['lambda/kept.ts']);
  expect(exportsNamedByParticiple(house)).toEqual(['lambda/kept.ts listed']);
});
