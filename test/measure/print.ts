import { declaredInSeveral, neededByNoOther, neededByTestsOnly } from './exports.ts';
import { figuresOf, median, type Size } from './figures.ts';
import type { FunctionSize } from './functions.ts';
import { readHouse } from './house.ts';
import { exportsNamedByParticiple, filesNamedByParticiple } from './names.ts';

/** How large and how tangled the house is. */
const house = readHouse();
const { causes, causesWithParts, judging, functions, linesOfCauses, files } = figuresOf(house);

const spread = (values: readonly number[]): string =>
  values.length === 0 ? 'none' : `median ${median(values)}, at most ${Math.max(...values)}`;
const lines = (sized: readonly Size[]): string => spread(sized.map((one) => one.lines));
const complexity = (some: readonly FunctionSize[]): string => spread(some.map((one) => one.complexity));

const tangled = functions.filter((one) => one.complexity > 20).sort((a, b) => b.complexity - a.complexity);
const long = files.filter((one) => one.lines > 250).sort((a, b) => b.lines - a.lines);

const rows: readonly (readonly [figure: string, value: string | number, each?: readonly string[]])[] = [
  ['causes', causes.length],
  ['lines of a cause', lines(causes)],
  ['with its private parts', lines(causesWithParts)],
  ['lines of causes, remedies, computed', linesOfCauses],
  ['complexity of judging', complexity(judging)],
  ['lines of judging', lines(judging)],
  ['complexity of a function', complexity(functions)],
  [
    'functions over complexity 20',
    tangled.length,
    tangled.map((one) => `${one.complexity}  ${one.file}:${one.line} ${one.name}`),
  ],
  ['files over 250 lines', long.length, long.map((one) => `${one.lines}  ${one.file}`)],
  list(
    'exported, needed by no other file',
    neededByNoOther(house).map(({ file, name }) => `${file} ${name}`),
  ),
  list(
    'exported, needed by tests only',
    neededByTestsOnly(house).map(({ file, name }) => `${file} ${name}`),
  ),
  list(
    'exported by several files',
    [...declaredInSeveral(house)].map(([name, declaring]) => `${name}: ${declaring.join(', ')}`),
  ),
  list('files named by a bare participle', filesNamedByParticiple(house)),
  list('exports named by a bare participle', exportsNamedByParticiple(house)),
];

function list(figure: string, each: readonly string[]) {
  return [figure, each.length, each] as const;
}

for (const [figure, value, each = []] of rows) {
  process.stdout.write(`${figure.padEnd(36)}${value}\n${each.map((one) => `    ${one}\n`).join('')}`);
}
