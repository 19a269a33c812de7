import type { Diagnosis } from '../incident/diagnosis.ts';
import { firstScreen } from './first-screen.ts';
import { fitting } from './fitting.ts';
import { linksByUse } from './links.ts';
import { columns, type Page, plainBlocks, plainSections } from './plain.ts';
import { address } from './printable.ts';
import { link, type Section } from './story/block.ts';
import { ALL_THE_ROOM, type Room } from './story/room.ts';
import { type Story, story } from './story/story.ts';
import { changesNotSeen } from './story/unseen.ts';
import type { Clock, Zone } from './times.ts';

/** What a mail holds at most, so that it is read to its end. */
const LINES_AT_MOST = 90;
const QUIET_LINES_AT_MOST = 15;
const UPDATE_LINES_AT_MOST = 15;
/** No line but a command is longer: a phone breaks lines by itself, and better than a program could. */
const WIDTH = 200;

const WHOLE = { targets: ALL_THE_ROOM.targets, steps: ALL_THE_ROOM.steps, waysInBrief: 0, othersInBrief: 0 };

/** From the most that a mail tells to the least; the first that fits is sent. */
const ROOMS: readonly Room[] = [
  { proofs: 7, ways: 2, others: 3, moments: 8, unseen: 5, suspects: 5, ...WHOLE },
  { proofs: 5, ways: 1, others: 2, moments: 5, unseen: 3, suspects: 3, ...WHOLE },
  { proofs: 4, ways: 0, others: 1, moments: 3, unseen: 2, suspects: 0, ...WHOLE },
  { proofs: 4, ways: 0, others: 0, moments: 3, unseen: 2, suspects: 0, ...WHOLE },
];

/** Of an update. */
const BRIEF: Room = { proofs: 0, ways: 0, others: 0, moments: 0, unseen: 0, suspects: 0, ...WHOLE };

/** Plain text to be read on a phone: the first screen is enough to act on; commands and addresses are whole lines of their own. */
export function renderEmail(diagnosis: Diagnosis, options: { readonly zone?: Zone } = {}): string {
  const clock = { today: diagnosis.collectedAt, ...options };
  if (diagnosis.kind === 'update') return [...update(diagnosis, clock), ''].join('\n');
  const atMost = diagnosis.verdict.status === 'quiet' ? QUIET_LINES_AT_MOST : LINES_AT_MOST;
  return [...fitting(ROOMS, atMost, (room) => mail(diagnosis, clock, room)), ''].join('\n');
}

/** What changed, what holds now, what to do as far as there is room: who reads it has read the first message. */
function update(diagnosis: Diagnosis, clock: Clock): readonly string[] {
  const page = pageAt(clock);
  const told = story(diagnosis, clock, BRIEF);
  const [link] = linksByUse(diagnosis).filter(({ url }) => columns(address(url)) <= WIDTH);
  const opening = plainBlocks(told.opening, page).filter((line) => line !== '');
  const end = [
    ...apart(link === undefined ? [] : ['In the console:', address(link.url)]),
    ...apart(plainBlocks(told.receipt, page)),
  ];
  const room = UPDATE_LINES_AT_MOST - opening.length - end.length - 1;
  const toDo = told.toDo
    .map((_, index) => plainBlocks(told.toDo.slice(0, index + 1), page))
    .findLast((lines) => lines.length <= room);
  return [...opening, ...apart(toDo ?? []), ...end].slice(0, UPDATE_LINES_AT_MOST);
}

function pageAt(clock: Clock): Page {
  return {
    width: WIDTH,
    addressAtMost: WIDTH - '- '.length,
    clock,
    heading: (line) => line.toUpperCase(),
    headline: (line) => line,
    command: (line) => line,
  };
}

function mail(diagnosis: Diagnosis, clock: Clock, room: Room): readonly string[] {
  const page = pageAt(clock);
  const told = story(diagnosis, clock, room);
  // What is too long for a mail is in the other forms.
  const links = linksByUse(diagnosis).filter(({ url }) => columns(address(url)) <= WIDTH);
  const first = firstScreen(told, clock);
  const where = links.slice(0, 1).flatMap(({ url }) => ['In the console:', address(url)]);
  const isQuiet = diagnosis.verdict.status === 'quiet';
  return [
    ...plainBlocks(first.opening, page),
    ...apart(plainBlocks(first.toDo, page)),
    ...(isQuiet && first.toDo.length > 0 ? where : apart(where)),
    ...plainSections([{ title: 'In full', blocks: first.goesOn }, ...sectionsOf(diagnosis, told, links)], page),
    ...(isQuiet ? [] : apart(plainBlocks(told.meaning, page))),
    ...apart(plainBlocks(told.settings, page)),
    ...apart(plainBlocks(told.receipt, page)),
  ];
}

function apart(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** What is needed to act and to trust it, in that order. Where nothing is wrong, or nothing was read, the first screen is all. */
function sectionsOf(diagnosis: Diagnosis, told: Story, links: Diagnosis['links']): readonly Section[] {
  const { kind, verdict } = diagnosis;
  if (kind === 'failed') return [];
  if (verdict.status === 'quiet') {
    return [told.furtherSteps, told.alsoFound, { title: 'Not seen', blocks: changesNotSeen(diagnosis) }];
  }
  return [
    told.proof,
    told.afterwards,
    told.furtherSteps,
    told.nextBlockers,
    told.alsoFound,
    told.circumstances,
    told.unseen,
    told.suspects,
    told.timeline,
    told.alarm,
    { title: 'Links', blocks: links.slice(1).map(link) },
  ];
}
