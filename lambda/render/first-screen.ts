import { type Text, text, verbatim } from '../incident/text.ts';
import { isTheirs, plainText } from './plain.ts';
import { clip, printable } from './printable.ts';
import type { Block } from './story/block.ts';
import type { Story } from './story/story.ts';
import type { Clock } from './times.ts';

export interface FirstScreen {
  readonly opening: readonly Block[];
  readonly toDo: readonly Block[];
  /** What had no room on it: how its sentences go on, and the steps after the first. */
  readonly goesOn: readonly Block[];
}

/** Of the first screen of a phone, commands and addresses aside, and less the line over the link to the console. */
const CHARACTERS = 580;
/** Kept for what to do, however long the rest is. */
const FOR_STEPS = 140;
const SENTENCE_AT_LEAST = 72;
/** The longest that leads to what is said, as `Fix, if this is the cause, step 1 of 2 (changes Kubernetes):` does. */
const LABEL_AT_MOST = 64;

/** As much as a phone shows at once: what goes on, what caused it, what to do first. */
export function firstScreen({ opening, toDo }: Pick<Story, 'opening' | 'toDo'>, clock: Clock): FirstScreen {
  if (lengthOf([...opening, ...toDo], clock) <= CHARACTERS) return { opening, toDo, goesOn: [] };
  const brief = toDo.map(inBrief);
  const screenWith = (head: Fitted, ways: readonly Way[]): FirstScreen => {
    const left = CHARACTERS - lengthOf(head.shown, clock);
    const steps = thatFit(brief, left, clock);
    const first = within(left, steps, clock, ways);
    const lists = toDo.slice(0, steps.length).filter((block) => inBrief(block) !== block);
    const goesOn = [...head.goesOn, ...lists, ...first.goesOn, ...toDo.slice(steps.length)];
    return { opening: head.shown, toDo: first.shown, goesOn };
  };
  const whole = { shown: opening, goesOn: [] };
  const besideFirst = CHARACTERS - lengthOf(brief.slice(0, 1), clock);
  const besideSteps = CHARACTERS - Math.min(FOR_STEPS, lengthOf(brief, clock));
  return (
    [whole, ...[besideFirst, besideSteps].map((room) => within(room, opening, clock, [atClause]))]
      .map((head) => screenWith(head, [atClause]))
      .find((screen) => lengthOf([...screen.opening, ...screen.toDo], clock) <= CHARACTERS) ??
    screenWith(within(besideSteps, opening, clock, [atClause, anywhere]), [atClause, anywhere])
  );
}

function inBrief(block: Block): Block {
  return block.is === 'paragraph' && block.brief !== undefined ? { is: 'paragraph', what: block.brief } : block;
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

interface Fitted {
  readonly shown: readonly Block[];
  readonly goesOn: readonly Block[];
}

/** What is shown of a block, and how it goes on; nothing where it cannot be cut in this way. */
type Way = (
  block: Block,
  atMost: number,
  clock: Clock,
) => { readonly shown: Block; readonly goesOn: Block } | undefined;

/** Longest first, sentences end where a clause does; only where that does not make all of them fit, one is broken off. */
function within(room: number, blocks: readonly Block[], clock: Clock, ways: readonly Way[]): Fitted {
  const cuts = new Map<Block, NonNullable<ReturnType<Way>>>();
  const shown = () => blocks.map((block) => cuts.get(block)?.shown ?? block);
  const longestFirst = blocks
    .filter((block) => 'what' in block && !('whole' in block))
    .sort((one, other) => lengthOf([other], clock) - lengthOf([one], clock));
  for (const cut of ways) {
    for (const block of longestFirst) {
      const excess = lengthOf(shown(), clock) - room;
      const atMost = lengthOf([cuts.get(block)?.shown ?? block], clock) - 1 - excess;
      const done = excess <= 0 ? undefined : cut(block, atMost, clock);
      if (done !== undefined) cuts.set(block, done);
    }
  }
  return { shown: shown(), goesOn: blocks.flatMap((block) => cuts.get(block)?.goesOn ?? []) };
}

/** At a stop, or before words in brackets, which are no id. */
const CLAUSE_ENDS = /[.;:](?= )|(?= \([^()]* [^()]*\))/g;
const MORE = ' (more below)';

/** Up to the last clause that has room, else to the first; what follows it is said below, by what it belongs to. */
const atClause: Way = (block, atMost, clock) => {
  if (!('what' in block)) return undefined;
  const brief = inBrief(block);
  if (brief !== block) return { shown: brief, goesOn: block };
  const said = plainText(block.what, clock);
  const ends = [...said.matchAll(CLAUSE_ENDS)]
    .map(({ index }) => index)
    .filter((end) => end > LABEL_AT_MOST && said.length - end > MORE.length && isClosed(said.slice(0, end)));
  const end = ends.findLast((one) => one + MORE.length < atMost) ?? ends[0];
  if (end === undefined) return undefined;
  const colon = said.indexOf(': ');
  const label = colon < 0 || colon > LABEL_AT_MOST ? '' : `${said.slice(0, colon)}: `;
  return {
    shown: saying(block, `${said.slice(0, end)}${MORE}${said.endsWith(':') ? ':' : '.'}`),
    goesOn: {
      is: 'paragraph',
      what: plainOf(
        `${label}… ${said
          .slice(end)
          .replace(/^[.;:]? /, '')
          .replace(/:$/, '.')}`,
        block.what,
      ),
    },
  };
};

/** It ends in no bracket and in no quotation. */
function isClosed(said: string): boolean {
  return said.split('(').length === said.split(')').length && said.split('"').length % 2 === 1;
}

const anywhere: Way = (block, atMost, clock) => {
  const brief = inBrief(block);
  if (!('what' in brief)) return undefined;
  const said = plainText(brief.what, clock);
  const cutTo = Math.max(SENTENCE_AT_LEAST, atMost);
  if (said.length <= cutTo) return undefined;
  return { shown: saying(brief, clip(said, cutTo).replace(/[\s,;:(]+\S*…$/, ' …')), goesOn: block };
};

const plain = (said: string): Text => [{ kind: 'word', text: said }];

/** Sentences of others in it stay theirs. */
function plainOf(said: string, what: Text): Text {
  const sentences = what.flatMap((part) =>
    isTheirs(part) && part.text.trim().includes(' ') ? printable(part.text) : [],
  );
  const begins = sentences.map((one) => said.indexOf(one.slice(0, 20))).filter((at) => at >= 0);
  if (sentences.length === 0) return plain(said);
  // What is left of a sentence may begin anywhere.
  const at = begins.length === sentences.length ? Math.min(...begins) : 0;
  return text`${plain(said.slice(0, at))}${verbatim(said.slice(at))}`;
}

function saying(block: Extract<Block, { what: Text }>, said: string): Block {
  return { ...block, what: plainOf(said, block.what) };
}

/** In characters, with the line breaks. */
function lengthOf(blocks: readonly Block[], clock: Clock): number {
  return blocks.reduce((sum, block) => sum + sizeOf(block, clock), 0);
}

function sizeOf(block: Block, clock: Clock): number {
  if ('what' in block) return plainText(block.what, clock).length + 1;
  // The empty line after a command, and the line over an address.
  return block.is === 'link' ? block.title.length + 3 : 1;
}
