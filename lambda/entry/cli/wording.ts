import { nearestOf } from '../../intake/index.ts';
import { clip, printable } from '../../render/printable.ts';

/** `a, b or c` */
export function listed(words: readonly string[], join: 'or' | 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`;
}

/** `did you mean web or web2?`; `undefined` where nothing is near. */
export function meant(written: string, known: readonly string[]): string | undefined {
  const near = nearTo(written, known);
  return near.length === 0 ? undefined : `did you mean ${listed(near, 'or')}?`;
}

/** As many as a line names. */
export function nearTo(written: string, known: readonly string[]): readonly string[] {
  return nearestOf(written, known).slice(0, 3);
}

const LONGEST_WORD = 200;
const LONGEST_LINE = 1_500;

/** What was typed is repeated in a message, whatever it was: one line that no terminal obeys, and that can be read. */
export function messageLine(text: string): string {
  const short = text.replace(/\S{201,}/gu, (word) => clip(word, LONGEST_WORD));
  return clip(printable(short).trim(), LONGEST_LINE);
}

/** As a person finds it in a sentence: an empty one is there, too. */
export function quoted(text: string): string {
  return `'${clip(printable(text), 100)}'`;
}
