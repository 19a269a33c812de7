import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Part, Text } from '../incident/text.ts';
import { address, clip, printable } from './printable.ts';
import { shellQuote } from './shell.ts';
import type { Block } from './story/block.ts';
import { ALL_THE_ROOM, type Room } from './story/room.ts';
import { story } from './story/story.ts';
import { type Clock, spoken, type Zone } from './times.ts';
import { placeOf, verdictLine } from './verdict-line.ts';

/**
 * A custom notification of Amazon Q Developer, schema 1.0. Slack and Teams read other mark-up: only what both read alike
 * is used, backticks and bare addresses.
 */
export interface ChatCard {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** One conversation for all that befalls a load balancer. */
    readonly threadId: string;
    /** What the conversation shows as its latest. */
    readonly summary: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const TITLE_AT_MOST = 250;
const STEP_AT_MOST = 350;
const KEYWORD_AT_MOST = 75;
/** Of the whole card as it is shown: its title, what is told, and what to do. */
const LINES_AT_MOST = 10;
/** Ten of them stay far below what a message of Slack shows whole. */
const LINE_AT_MOST = 280;
const STEPS_AT_MOST = 5;

const ROOM: Room = { ...ALL_THE_ROOM, proofs: 4, ways: 0, others: 1, moments: 0, unseen: 1, suspects: 0 };

export function chatCard(diagnosis: Diagnosis, options: { readonly zone?: Zone } = {}): ChatCard {
  const { incidentId, incidentKey, kind, collectedAt, verdict, loadBalancer, findings } = diagnosis;
  const clock = { today: collectedAt, ...options };
  const line = verdictLine(diagnosis);
  const place = placeOf(diagnosis);
  const told = story(diagnosis, clock, ROOM);
  // What the proof begins with, the cause in a sentence, stands in the opening already.
  const proof = told.proof.blocks.filter(({ is }) => is === 'item');
  const lines = [...told.opening, ...proof].flatMap((block) => lineOf(block, clock));
  // What goes on, why and where is always told whole.
  const steps = nextSteps(
    diagnosis,
    told.toDo,
    Math.min(STEPS_AT_MOST, LINES_AT_MOST - 1 - told.opening.length),
    clock,
  );
  const strength = verdict.cause === null ? undefined : findings[0]?.strength;
  const keywords = [loadBalancer.name, verdict.cause, strength, loadBalancer.region].flatMap((word) => word ?? []);
  return {
    version: '1.0',
    source: 'custom',
    id: `${incidentId}-${kind}-${collectedAt}`,
    content: {
      textType: 'client-markdown',
      title: said(place === '' ? line : `${line} - ${place}`, TITLE_AT_MOST),
      description: lines.slice(0, LINES_AT_MOST - 1 - steps.length).join('\n') || said(line, LINE_AT_MOST),
      nextSteps: steps,
      keywords: keywords.map((word) => said(word, KEYWORD_AT_MOST)).filter((word) => word !== ''),
    },
    metadata: {
      threadId: printable(incidentKey),
      summary: said(line, TITLE_AT_MOST),
      additionalContext: { kind, status: verdict.status, incidentId },
    },
  };
}

function lineOf(block: Block, clock: Clock): readonly string[] {
  switch (block.is) {
    case 'headline':
    case 'paragraph':
      return [inChat(block.what, clock, LINE_AT_MOST)];
    case 'item':
      return [`- ${inChat(block.what, clock, LINE_AT_MOST)}`];
    case 'link':
      return [`${said(block.title, LINE_AT_MOST)}: ${escaped(address(block.url))}`];
    case 'command':
      return [];
  }
}

/** What to do, each with its command: one that does not fit whole is left to the other forms. */
function nextSteps(
  { links: [link] }: Diagnosis,
  toDo: readonly Block[],
  atMost: number,
  clock: Clock,
): readonly string[] {
  const steps: string[] = [];
  for (const block of toDo) {
    const step = block.is === 'command' ? commandInChat(shellQuote(block.run)) : lineOf(block, clock).join('');
    const before = steps.at(-1);
    const joined = `${before} ${step}`;
    if (block.is === 'command' && before !== undefined && !before.endsWith('`') && joined.length <= STEP_AT_MOST) {
      steps[steps.length - 1] = joined;
    } else if (step !== '') steps.push(step);
  }
  const url = link === undefined ? '' : address(link.url);
  const where = url === '' || url.length > STEP_AT_MOST ? [] : [escaped(url)];
  const room = atMost - where.length;
  const left = steps.length - room;
  const shown =
    left <= 0 ? steps : [...steps.slice(0, room - 1), 'The steps after that are in the mail and in the JSON report.'];
  return [...shown, ...where];
}

function commandInChat(command: string): string {
  const shown = `\`${escaped(command)}\``;
  const isWhole = shown.length <= STEP_AT_MOST && !command.includes('`');
  return isWhole ? shown : 'The command is in the mail and in the JSON report: it does not fit here.';
}

function inChat(text: Text, clock: Clock, atMost: number): string {
  const parts = text.map((part) => partInChat(part, clock));
  // Code is whole or not there: half a pair of backticks would take the rest of the line with it.
  let left = atMost;
  const kept: string[] = [];
  for (const part of parts) {
    if (part.length > left) {
      kept.push(part.startsWith('`') ? '…' : clip(part, Math.max(1, left)));
      break;
    }
    kept.push(part);
    left -= part.length;
  }
  return kept.join('').trim();
}

function partInChat(part: Part, clock: Clock): string {
  switch (part.kind) {
    case 'time':
      return escaped(spoken(part.at, clock));
    case 'word':
      return prose(part.text);
    case 'code':
    case 'resource': {
      const word = printable(part.text).replaceAll('`', "'").trim();
      return word === '' ? '' : `\`${escaped(word)}\``;
    }
  }
}

function said(words: string, atMost: number): string {
  return clip(prose(words), atMost).trim();
}

/** What others wrote makes no mark-up, no link and no call of everybody: what would looks alike, and does nothing. */
function prose(words: string): string {
  const plain = printable(words)
    .replaceAll('`', "'")
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('](', '] (')
    .replace(/(?<!\w)_|_(?!\w)/g, '＿');
  return escaped(plain);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
