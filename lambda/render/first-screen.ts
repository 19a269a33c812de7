import type { Text } from '../incident/text.ts';
import { plainText } from './plain.ts';
import { clip } from './printable.ts';
import type { Block } from './story/block.ts';
import type { Story } from './story/story.ts';
import type { Clock } from './times.ts';

export interface FirstScreen {
  readonly opening: readonly Block[];
  readonly toDo: readonly Block[];
  /** What had no room on it, or was cut there: sentences whole, and the steps after the first. */
  readonly goesOn: readonly Block[];
}

/** Of the first screen of a phone, commands and addresses aside. */
const CHARACTERS = 560;
/** Kept for what to do, however long the rest is. */
const FOR_STEPS = 140;
const SENTENCE_AT_LEAST = 80;

/** As much as a phone shows at once: what goes on, what caused it, what to do first. */
export function firstScreen({ opening, toDo }: Pick<Story, 'opening' | 'toDo'>, clock: Clock): FirstScreen {
  const room = CHARACTERS - Math.min(FOR_STEPS, lengthOf(toDo, clock));
  const shownFirst = within(room, opening, clock);
  const left = CHARACTERS - lengthOf(shownFirst, clock);
  const steps = thatFit(toDo, left, clock);
  const shownSteps = within(left, steps, clock);
  return {
    opening: shownFirst,
    toDo: shownSteps,
    goesOn: [...cutIn(opening, shownFirst), ...cutIn(steps, shownSteps), ...toDo.slice(steps.length)],
  };
}

/** As many of the steps as there is room for, with their commands; the first, whatever its length. */
function thatFit(toDo: readonly Block[], room: number, clock: Clock): readonly Block[] {
  let left = room;
  const over = toDo.findIndex((block, index) => {
    left -= lengthOf([block], clock);
    return left < 0 && index > 0 && block.is !== 'command';
  });
  return over < 0 ? toDo : toDo.slice(0, over);
}

/** The longest sentence is cut as far as that makes all of them fit. */
function within(room: number, blocks: readonly Block[], clock: Clock): readonly Block[] {
  const excess = lengthOf(blocks, clock) - room;
  const mayBeCut = (block: Block): boolean => !('whole' in block);
  const longest = Math.max(0, ...blocks.filter(mayBeCut).map((block) => lengthOf([block], clock)));
  if (excess <= 0) return blocks;
  const cutTo = Math.max(SENTENCE_AT_LEAST, longest - excess - 1);
  return blocks.map((block) => {
    if (!('what' in block) || !mayBeCut(block) || lengthOf([block], clock) < longest || longest <= cutTo) return block;
    const said = clip(plainText(block.what, clock), cutTo).replace(/[\s,;:(]+\S*…$/, ' …');
    return { ...block, what: [{ kind: 'word', text: said }] satisfies Text };
  });
}

const cutIn = (whole: readonly Block[], shown: readonly Block[]): readonly Block[] =>
  whole.filter((block, index) => block !== shown[index]);

function lengthOf(blocks: readonly Block[], clock: Clock): number {
  return blocks.reduce(
    (sum, block) =>
      sum +
      ('what' in block ? plainText(block.what, clock).length + 1 : block.is === 'link' ? block.title.length + 3 : 0),
    0,
  );
}
