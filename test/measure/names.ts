import { exportedBy } from './exports.ts';
import { type House, isProgram } from './house.ts';

/** Participles and adverbs: they say of something that it was done, not what it is. */
const SAYS_NOT_WHAT = /^([a-z]+ed|behind|bound|gone|heard|held|kept|known|lost|said|shown|together|told)$/;

/** `Observed` is the noun of the house for what is seen or unseen. */
const NOUNS: readonly string[] = ['observed'];

/** Files whose whole name is such a word. */
export function filesNamedByParticiple(house: House): readonly string[] {
  return [...house.keys()].filter(
    (file) => isProgram(file) && saysNotWhat(file.replace(/^.*\//, '').replace(/[.]ts$/, '')),
  );
}

/** What the program exports under such a word. */
export function exportsNamedByParticiple(house: House): readonly string[] {
  return [...house].flatMap(([file, tree]) =>
    isProgram(file)
      ? exportedBy(tree)
          .filter(saysNotWhat)
          .map((name) => `${file} ${name}`)
      : [],
  );
}

const saysNotWhat = (name: string): boolean => SAYS_NOT_WHAT.test(name) && !NOUNS.includes(name);
