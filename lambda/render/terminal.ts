import picocolors from 'picocolors';
import type { Diagnosis, Status } from '../incident/diagnosis.ts';
import { count, text } from '../incident/text.ts';
import { fitting } from './fitting.ts';
import { hyperlink, linksByUse } from './links.ts';
import { columns, type Page, plainBlocks, plainSections, wrap } from './plain.ts';
import { printable } from './printable.ts';
import { type Block, link, paragraph } from './story/block.ts';
import { countsLine, stepsLine } from './story/coverage.ts';
import { ALL_THE_ROOM, type Room } from './story/room.ts';
import { type Story, story } from './story/story.ts';
import type { Zone } from './times.ts';
import { renderTree } from './tree/tree.ts';
import { verdictLine } from './verdict-line.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  /** Titles lead to their addresses (OSC 8). */
  readonly hyperlinks?: boolean;
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

/** What is told in the short form. */
interface Detail extends Room {
  /** What tells that it helped, and what undoes it. */
  readonly afterwards: boolean;
  /** Where to read what the cause means. */
  readonly meaning: boolean;
  /** Where to look next. */
  readonly console: boolean;
  readonly dense: boolean;
}

const SHORT: Detail = {
  ...{ ...ALL_THE_ROOM, ways: 0, moments: 0, suspects: 0, waysInBrief: 5, othersInBrief: 3 },
  ...{ afterwards: true, meaning: true, console: true, dense: false },
};
const WITHOUT_AFTERWARDS: Detail = { ...SHORT, afterwards: false };
const LITTLE: Detail = { ...WITHOUT_AFTERWARDS, waysInBrief: 2, targets: 2, unseen: 0 };
const LEAST: Detail = {
  ...LITTLE,
  waysInBrief: 1,
  othersInBrief: 1,
  proofs: 2,
  others: 0,
  meaning: false,
  dense: true,
};

/**
 * From the most that the short form tells to the least; the first that fits is printed. What proves it, what mends it and
 * what was not seen go last.
 */
const ROOMS: readonly Detail[] = [
  { ...SHORT, proofs: 5, others: 3, unseen: 3 },
  { ...SHORT, proofs: 4, others: 2, unseen: 2 },
  { ...WITHOUT_AFTERWARDS, proofs: 5, others: 2, unseen: 2 },
  { ...WITHOUT_AFTERWARDS, proofs: 4, others: 1, unseen: 1 },
  { ...WITHOUT_AFTERWARDS, proofs: 4, others: 1, unseen: 0, targets: 4 },
  { ...LITTLE, proofs: 3, others: 1, steps: 3 },
  { ...LITTLE, proofs: 3, others: 0, steps: 2 },
  { ...LITTLE, proofs: 2, others: 0, steps: 2 },
  { ...LEAST, steps: 2 },
  { ...LEAST, targets: 0, steps: 2 },
  { ...LEAST, targets: 0, steps: 1 },
  { ...LEAST, targets: 0, steps: 1, othersInBrief: 0, console: false },
];

/** For a person at a shell: what is wrong first and, where the eye rests, in short last again. */
export function renderTerminal(diagnosis: Diagnosis, options: TerminalOptions): string {
  if (options.verbose) return [...inFull(diagnosis, options), ''].join('\n');
  return [...fitting(ROOMS, LINES_AT_MOST, (room) => inShort(diagnosis, options, room)), ''].join('\n');
}

function inShort(diagnosis: Diagnosis, options: TerminalOptions, room: Detail): readonly string[] {
  const page = { ...pageOf(diagnosis, options), dense: room.dense };
  const told = story(diagnosis, page.clock, room);
  const isFailed = diagnosis.kind === 'failed';
  const more = options.withoutOptions ? '' : '-v shows them';
  return [
    ...head(diagnosis, told, options, page),
    ...(room.console ? consoleLine(diagnosis, page) : []),
    ...plainSections(
      [
        told.proof,
        told.nextBlockers,
        told.alsoFound,
        told.circumstances,
        told.unseen,
        { title: 'What to do', blocks: [...told.toDo, ...stepsLeft(told, more !== '')] },
        told.furtherSteps,
        { title: 'Afterwards', blocks: room.afterwards ? told.afterwards.blocks : [] },
      ],
      page,
    ),
    '',
    ...(room.meaning ? plainBlocks(told.meaning, page) : []),
    ...plainBlocks(told.settings, page),
    ...(isFailed ? [] : plainBlocks(stepsLine(diagnosis), page)),
    ...verdict(diagnosis, options, page),
    // Of what was never read, there is nothing to count.
    ...(isFailed ? [] : plainBlocks(countsLine(diagnosis, more === '' ? '' : `; ${more}`), page)),
  ];
}

/** So that nobody stops after those that had room. */
function stepsLeft({ stepsLeft: left }: Story, hasOptions: boolean): readonly Block[] {
  if (left === 0) return [];
  const shown = hasOptions ? text`: -v shows ${left === 1 ? 'it' : 'them'}` : '';
  return [paragraph(text`And ${count(left, 'more step')}${shown}.`)];
}

function inFull(diagnosis: Diagnosis, options: TerminalOptions): readonly string[] {
  const page = pageOf(diagnosis, options);
  const told: Story = story(diagnosis, page.clock, ALL_THE_ROOM);
  return [
    ...head(diagnosis, told, options, page),
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
        told.about,
        told.furtherSteps,
        told.nextBlockers,
        { title: 'What to do', blocks: told.toDo },
        told.afterwards,
        { title: 'Links', blocks: longLast(diagnosis.links).map(link) },
      ],
      page,
    ),
    '',
    ...plainBlocks(told.meaning, page),
    ...plainBlocks(told.settings, page),
    ...plainBlocks(stepsLine(diagnosis), page),
    ...verdict(diagnosis, options, page),
  ];
}

/** What the first sentences tell is not told over them again, but where they leave out whom it is about. */
function head(diagnosis: Diagnosis, { opening }: Story, options: TerminalOptions, page: Page): readonly string[] {
  const shaded = { ...page, headline: alarming(diagnosis, picocolors.createColors(options.colour)) };
  const isAbout = diagnosis.kind !== 'failed' && diagnosis.trigger.state !== 'OK';
  return [...(isAbout ? [] : [...verdict(diagnosis, options, page), '']), ...plainBlocks(opening, shaded)];
}

/** Where to look next, where a title can lead there: as many as have room in a line. */
function consoleLine(diagnosis: Diagnosis, { hyperlink, width }: Page): readonly string[] {
  if (hyperlink === undefined) return [];
  let left = width - columns(IN_THE_CONSOLE);
  const shown = linksByUse(diagnosis).filter(({ title }) => {
    left -= columns(printable(title)) + 2;
    return left >= 0;
  });
  if (shown.length === 0) return [];
  return [`${IN_THE_CONSOLE}${shown.map(({ title, url }) => hyperlink(title, url)).join(', ')}`];
}

const IN_THE_CONSOLE = 'In the console: ';

/** An address of many lines stands in nobody's way at the end. */
function longLast(links: Diagnosis['links']): Diagnosis['links'] {
  const isLong = ({ url }: Diagnosis['links'][number]): boolean => url.length > LONG;
  return [...links.filter((one) => !isLong(one)), ...links.filter(isLong)];
}

const LONG = 300;

/** What a request passes, and where it breaks. */
function tree({ topology, kind }: Diagnosis, { colour, zone }: TerminalOptions, { width }: Page): readonly string[] {
  if (topology === undefined || kind === 'failed') return [];
  return ['', renderTree(topology, { colour, width, ...(zone === undefined ? {} : { zone }) }).trimEnd()];
}

function pageOf(diagnosis: Diagnosis, { colour, width, zone, hyperlinks }: TerminalOptions): Page {
  const { bold } = picocolors.createColors(colour);
  return {
    width: Math.min(Math.max(width ?? 80, 40), 120),
    clock: { today: diagnosis.collectedAt, ...(zone === undefined ? {} : { zone }) },
    heading: bold,
    headline: bold,
    command: (line) => `  ${bold(line)}`,
    ...(hyperlinks ? { hyperlink } : {}),
  };
}

function verdict(diagnosis: Diagnosis, { colour }: TerminalOptions, { width }: Page): readonly string[] {
  const colours = picocolors.createColors(colour);
  // It begins with the name, and what has blanks is none that AWS gives.
  const indent = diagnosis.loadBalancer.name.includes(' ') ? '  ' : '';
  return wrap(printable(verdictLine(diagnosis)), width, indent, '  ').map(alarming(diagnosis, colours));
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
