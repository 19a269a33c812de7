import { type FunctionSize, functionsIn } from './functions.ts';
import { type House, isProgram } from './house.ts';
import { type Need, needsIn } from './imports.ts';

export interface Size {
  readonly file: string;
  readonly lines: number;
}

export interface Figures {
  /** Each `cause.ts`. */
  readonly causes: readonly Size[];
  /** Each cause with its private parts: what is in its folder, and what its category shares with nobody else. */
  readonly causesWithParts: readonly Size[];
  /** `examine` of each cause. */
  readonly judging: readonly FunctionSize[];
  readonly functions: readonly FunctionSize[];
  /** Of causes, remedies and computed together. */
  readonly linesOfCauses: number;
  readonly files: readonly Size[];
}

/** The folder of the cause that a file belongs to is that of its `cause.ts`. */
const CAUSE = /^(lambda\/causes\/[^/]+\/[^/]+\/)cause[.]ts$/;

export function figuresOf(house: House): Figures {
  const program = [...house].filter(([file]) => isProgram(file));
  const files = program.map(([file, tree]) => ({ file, lines: tree.text.split('\n').length - 1 }));
  const functions = program.flatMap(([, tree]) => functionsIn(tree));
  const owners = ownersIn(house);
  return {
    causes: files.filter(({ file }) => CAUSE.test(file)),
    causesWithParts: [...new Set(owners.values())].map((folder) => ({
      file: folder,
      lines: linesIn(files.filter(({ file }) => owners.get(file) === folder)),
    })),
    judging: functions.filter(({ file, name }) => CAUSE.test(file) && name === 'examine'),
    functions,
    linesOfCauses: linesIn(files.filter(({ file }) => /^lambda\/(causes|remedies|computed)\//.test(file))),
    files,
  };
}

const linesIn = (files: readonly Size[]): number => files.reduce((sum, { lines }) => sum + lines, 0);

/** The one cause, by its folder, that a file serves. */
function ownersIn(house: House): ReadonlyMap<string, string> {
  const files = [...house.keys()].filter((file) => file.startsWith('lambda/causes/'));
  const folders = files.flatMap((file) => CAUSE.exec(file)?.[1] ?? []);
  const needs = needsIn(house);
  return new Map(
    files.flatMap((file) => {
      const [owner, ...others] = servedBy(file, folders, needs);
      return owner === undefined || others.length > 0 ? [] : [[file, owner]];
    }),
  );
}

function servedBy(
  file: string,
  folders: readonly string[],
  needs: ReadonlyMap<string, readonly Need[]>,
): readonly string[] {
  const own = folders.find((folder) => file.startsWith(folder));
  if (own !== undefined) return [own];
  const inCauses = (needs.get(file) ?? []).map(({ by }) => by).filter((by) => by.startsWith('lambda/causes/'));
  return [...new Set(inCauses.flatMap((by) => servedBy(by, folders, needs)))];
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
