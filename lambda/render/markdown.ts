import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Part, Text } from '../incident/text.ts';
import { address, printable } from './printable.ts';
import { shellQuote } from './shell.ts';
import type { Block, Section } from './story/block.ts';
import { countsLine, stepsLine } from './story/coverage.ts';
import { ALL_THE_ROOM, type Room } from './story/room.ts';
import { type Story, story } from './story/story.ts';
import { type Clock, spoken, type Zone } from './times.ts';
import { treeInMarkdown } from './tree/tree-in-markdown.ts';
import { verdictLine } from './verdict-line.ts';

export interface MarkdownOptions {
  readonly zone?: Zone;
  /** All that is known, not only what is needed to act. */
  readonly verbose?: boolean;
}

const SHORT: Room = { ...ALL_THE_ROOM, proofs: 4, ways: 0, others: 2, moments: 0, unseen: 2, suspects: 0 };

/** To be pasted into a ticket or a pull request. */
export function renderMarkdown(diagnosis: Diagnosis, { verbose = false, ...options }: MarkdownOptions = {}): string {
  const clock = { today: diagnosis.collectedAt, ...options };
  const told = story(diagnosis, clock, verbose ? ALL_THE_ROOM : SHORT);
  return [
    `## ${escaped(printable(verdictLine(diagnosis)))}`,
    '',
    ...blocksInMarkdown([...told.opening, ...told.toDo], clock),
    ...(verbose && diagnosis.topology !== undefined ? [treeInMarkdown(diagnosis.topology).trimEnd(), ''] : []),
    ...(verbose ? inFull(told) : inShort(told))
      .filter(({ blocks }) => blocks.length > 0)
      .flatMap(({ title, blocks }) => [`### ${title}`, '', ...blocksInMarkdown(blocks, clock)]),
    ...blocksInMarkdown(
      [
        ...told.meaning,
        ...told.settings,
        ...stepsLine(diagnosis),
        ...(verbose ? told.receipt : countsLine(diagnosis, '; -v shows them')),
      ],
      clock,
    ),
  ].join('\n');
}

function inShort(told: Story): readonly Section[] {
  return [told.proof, told.afterwards, told.nextBlockers, told.alsoFound, told.unseen];
}

function inFull(told: Story): readonly Section[] {
  return [
    told.proof,
    told.afterwards,
    told.furtherSteps,
    told.nextBlockers,
    told.alsoFound,
    told.circumstances,
    told.coverage,
    told.unseen,
    told.ruledOut,
    told.symptoms,
    told.timeline,
    told.alarm,
    told.owner,
    told.links,
    told.about,
  ];
}

/** Each block and the empty line after it; the items of a list stand together. */
function blocksInMarkdown(blocks: readonly Block[], clock: Clock): readonly string[] {
  return blocks.flatMap((block, index) => {
    const listed = isListed(block) && blocks[index + 1] !== undefined && isListed(blocks[index + 1]);
    return listed ? [blockInMarkdown(block, clock)] : [blockInMarkdown(block, clock), ''];
  });
}

function isListed(block: Block | undefined): boolean {
  return block?.is === 'item' || block?.is === 'link';
}

function blockInMarkdown(block: Block, clock: Clock): string {
  switch (block.is) {
    case 'headline':
      return `**${inMarkdown(block.what, clock)}**`;
    case 'paragraph':
      return inMarkdown(block.what, clock);
    case 'item':
      return `${block.under ? '  ' : ''}- ${inMarkdown(block.what, clock)}`;
    case 'command':
      return fenced(shellQuote(block.run));
    case 'link':
      return `- [${escaped(printable(block.title))}](<${address(block.url)}>)`;
  }
}

export function inMarkdown(text: Text, clock: Clock): string {
  return text
    .map((part) => partInMarkdown(part, clock))
    .join('')
    .trim()
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^([-+])/, '\\$1');
}

function partInMarkdown(part: Part, clock: Clock): string {
  switch (part.kind) {
    case 'time':
      return spoken(part.at, clock);
    case 'word':
      return escapedAroundAddresses(printable(part.text));
    case 'code':
    case 'resource':
      return inlineCode(printable(part.text));
  }
}

/** As many backticks around it as it takes to hold those within. */
function inlineCode(text: string): string {
  if (text.trim() === '') return text;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

function fenced(line: string): string {
  const longest = Math.max(2, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${line}\n${fence}`;
}

function escapedAroundAddresses(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]])/)
    .map((piece, index) => (index % 2 === 1 ? `<${address(piece)}>` : escaped(piece)))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
}
