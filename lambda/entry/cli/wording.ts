import { clip, printable } from '../../render/printable.ts';

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
