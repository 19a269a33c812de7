import picocolors from 'picocolors';
import type { Diagnosis, Status } from '../incident/diagnosis.ts';
import { count, text, words } from '../incident/text.ts';
import { fitting } from './fitting.ts';
import { type Page, plainBlocks, plainSections, wrap } from './plain.ts';
import { printable } from './printable.ts';
import { type Block, paragraph } from './story/block.ts';
import { countsLine, stepsLine } from './story/coverage.ts';
import { ALL_THE_ROOM, type Room, type Story, story } from './story/story.ts';
import type { Zone } from './times.ts';
import { renderTree } from './tree/tree.ts';
import { verdictLine } from './verdict-line.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  readonly width?: number;
  readonly zone?: Zone;
  /** All that is known, not only what fits a screen. */
  readonly verbose?: boolean;
  /** Where there is no command line to ask for more. */
  readonly withoutOptions?: boolean;
}

type Colours = ReturnType<typeof picocolors.createColors>;

/** What fits two small screens, so that nothing has scrolled away. */
const LINES_AT_MOST = 40;

const SHORT: Room = { ...ALL_THE_ROOM, ways: 0, moments: 0, suspects: 0 };

/** From the most that the short form tells to the least; the first that fits is printed. */
const ROOMS: readonly Room[] = [
  { ...SHORT, proofs: 5, others: 3, unseen: 3 },
  { ...SHORT, proofs: 4, others: 2, unseen: 2 },
  { ...SHORT, proofs: 3, others: 1, unseen: 1, targets: 4 },
  { ...SHORT, proofs: 3, others: 1, unseen: 1, targets: 2, steps: 3 },
  { ...SHORT, proofs: 2, others: 1, unseen: 1, targets: 2, steps: 2 },
  { ...SHORT, proofs: 2, others: 1, unseen: 0, targets: 2, steps: 2 },
  { ...SHORT, proofs: 2, others: 0, unseen: 0, targets: 2, steps: 2 },
  { ...SHORT, proofs: 2, others: 0, unseen: 0, targets: 0, steps: 2 },
  { ...SHORT, proofs: 2, others: 0, unseen: 0, targets: 0, steps: 1 },
];

/** For a person at a shell: the verdict first and, where the eye rests, last again. */
export function renderTerminal(diagnosis: Diagnosis, options: TerminalOptions): string {
  if (options.verbose) return [...inFull(diagnosis, options), ''].join('\n');
  return [...fitting(ROOMS, LINES_AT_MOST, (room) => inShort(diagnosis, options, room)), ''].join('\n');
}

function inShort(diagnosis: Diagnosis, options: TerminalOptions, room: Room): readonly string[] {
  const page = pageOf(diagnosis, options);
  const told = story(diagnosis, page.clock, room);
  const isFailed = diagnosis.kind === 'failed';
  const more = options.withoutOptions ? '' : '-v shows them';
  return [
    ...verdict(diagnosis, options, page),
    '',
    ...plainBlocks(told.opening, page),
    ...plainSections(
      [
        told.proof,
        told.nextBlockers,
        ...(room.others === 0 ? [] : [told.alsoFound, told.circumstances]),
        ...(room.unseen === 0 ? [] : [told.unseen]),
        ...(told.toDo.length === 0 ? [told.furtherSteps] : []),
        { title: 'What to do', blocks: [...told.toDo, ...stepsLeft(told, more)] },
        { title: 'Afterwards', blocks: room.unseen === 0 ? [] : told.afterwards.blocks },
      ],
      page,
    ),
    '',
    ...(room.others === 0 ? [] : plainBlocks(told.meaning, page)),
    ...(isFailed ? [] : plainBlocks(stepsLine(diagnosis), page)),
    ...verdict(diagnosis, options, page),
    // Of what was never read, there is nothing to count.
    ...(isFailed ? [] : plainBlocks(countsLine(diagnosis, more === '' ? '' : `; ${more}`), page)),
  ];
}

/** So that nobody stops after those that had room. */
function stepsLeft({ stepsLeft: left }: Story, more: '' | '-v shows them'): readonly Block[] {
  if (left === 0) return [];
  return [paragraph(text`And ${count(left, 'more step')}${more === '' ? '' : text`: ${words(more)}`}.`)];
}

function inFull(diagnosis: Diagnosis, options: TerminalOptions): readonly string[] {
  const page = pageOf(diagnosis, options);
  const told: Story = story(diagnosis, page.clock, ALL_THE_ROOM);
  return [
    ...verdict(diagnosis, options, page),
    '',
    ...plainBlocks(told.opening, page),
    ...tree(diagnosis, options, page),
    ...plainSections(
      [
        told.proof,
        told.symptoms,
        told.timeline,
        told.alsoFound,
        told.circumstances,
        told.ruledOut,
        told.unseen,
        told.coverage,
        told.alarm,
        told.owner,
        told.links,
        told.about,
        told.furtherSteps,
        told.nextBlockers,
        { title: 'What to do', blocks: told.toDo },
        told.afterwards,
      ],
      page,
    ),
    '',
    ...plainBlocks(told.meaning, page),
    ...plainBlocks(stepsLine(diagnosis), page),
    ...verdict(diagnosis, options, page),
  ];
}

/** What a request passes, and where it breaks. */
function tree({ topology, kind }: Diagnosis, { colour, zone }: TerminalOptions, { width }: Page): readonly string[] {
  if (topology === undefined || kind === 'failed') return [];
  return ['', renderTree(topology, { colour, width, ...(zone === undefined ? {} : { zone }) }).trimEnd()];
}

function pageOf(diagnosis: Diagnosis, { colour, width, zone }: TerminalOptions): Page {
  const { bold } = picocolors.createColors(colour);
  return {
    width: Math.min(Math.max(width ?? 80, 40), 120),
    clock: { today: diagnosis.collectedAt, ...(zone === undefined ? {} : { zone }) },
    heading: bold,
    headline: bold,
    command: (line) => `  ${bold(line)}`,
  };
}

function verdict(diagnosis: Diagnosis, { colour }: TerminalOptions, { width }: Page): readonly string[] {
  const colours = picocolors.createColors(colour);
  return wrap(printable(verdictLine(diagnosis)), width).map(alarming(diagnosis, colours));
}

function alarming({ kind, verdict }: Diagnosis, colours: Colours): (line: string) => string {
  const byStatus: Readonly<Record<Status, (line: string) => string>> = {
    identified: colours.red,
    suspected: colours.yellow,
    inconclusive: colours.yellow,
    quiet: colours.green,
  };
  const shade = kind === 'failed' ? colours.red : kind === 'recovered' ? colours.green : byStatus[verdict.status];
  return (line) => colours.bold(shade(line));
}
