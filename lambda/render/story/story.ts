import type { Diagnosis } from '../../incident/diagnosis.ts';
import { text, verbatim, words } from '../../incident/text.ts';
import type { Clock } from '../times.ts';
import { alsoFound, circumstances, nextBlockers } from './also-found.ts';
import { about, alarmBackground, owner, receipt, symptoms, timeline } from './background.ts';
import { type Block, link, paragraph, type Section } from './block.ts';
import { withCommandsOnce, withoutCommandsOf } from './commands-once.ts';
import { coverageLine, ruledOutBlocks, suspectsRuledOut } from './coverage.ts';
import { withNames } from './names.ts';
import { nextStep } from './next-step.ts';
import { opening } from './opening.ts';
import { meaning, proof } from './proof.ts';
import { remedies, type WayOut } from './remedy.ts';
import { ALL_THE_ROOM, type Room } from './room.ts';
import { unseenBlocks } from './unseen.ts';

/** The whole report in parts that each medium puts in its own order. Empty parts are left out by the layout. */
export interface Story {
  readonly opening: readonly Block[];
  /** What to do about the first cause, by the way to take first; else where to go on. */
  readonly toDo: readonly Block[];
  /** How many steps of that way are not among them. */
  readonly stepsLeft: number;
  /** What tells that it helped, and what undoes it. */
  readonly afterwards: Section;
  readonly furtherSteps: Section;
  readonly nextBlockers: Section;
  readonly proof: Section;
  /** Where to read what the cause found means. */
  readonly meaning: readonly Block[];
  readonly alsoFound: Section;
  readonly circumstances: Section;
  readonly symptoms: Section;
  readonly coverage: Section;
  /** All that was ruled out. */
  readonly ruledOut: Section;
  /** Of it, what a reader would have thought of; the rest is counted. */
  readonly suspects: Section;
  readonly unseen: Section;
  readonly alarm: Section;
  readonly owner: Section;
  readonly timeline: Section;
  readonly links: Section;
  readonly about: Section;
  /** What is set wrong in the function that tells it. */
  readonly settings: readonly Block[];
  /** One line: what it cost to read, and what was not seen. */
  readonly receipt: readonly Block[];
}

export function story(diagnosis: Diagnosis, clock: Clock, room: Room = ALL_THE_ROOM): Story {
  const over = diagnosis.kind === 'recovered';
  const ways = remedies(diagnosis, room.steps);
  const [first] = over ? [] : ways;
  const others = ways.slice(over ? 0 : 1);
  const next = first?.toDo ?? (over && ways.length > 0 ? [] : nextStep(diagnosis));
  const [toDo = [], afterwards = [], furtherSteps = [], then = [], besides = []] = withCommandsOnce([
    next,
    first?.after ?? [],
    [...others.slice(0, room.ways).flatMap(({ toDo, after }) => [...toDo, ...after]), ...inBrief(others, room)],
    nextBlockers(diagnosis, room),
    withoutCommandsOf(diagnosis.verdict.cause === null ? next : [], alsoFound(diagnosis, room)),
  ]);
  // In the order of a mail.
  const parts = {
    opening: opening(diagnosis, clock),
    toDo,
    proof: proof(diagnosis, room),
    afterwards,
    furtherSteps,
    nextBlockers: then,
    alsoFound: besides,
    circumstances: circumstances(diagnosis, room.others),
    unseen: unseenBlocks(diagnosis, room.unseen),
    timeline: timeline(diagnosis, room.moments),
  };
  const suspects = suspectsRuledOut(diagnosis, room.suspects);
  const named = withNames(Object.values(parts), diagnosis.names ?? {});
  const part = (key: keyof typeof parts): readonly Block[] => named[Object.keys(parts).indexOf(key)] ?? [];
  return {
    opening: part('opening'),
    toDo: part('toDo'),
    stepsLeft: first?.stepsLeft ?? 0,
    afterwards: section('Afterwards', part('afterwards')),
    furtherSteps: section(over ? 'To prevent it' : 'Further steps', part('furtherSteps')),
    nextBlockers: section('Then', part('nextBlockers')),
    proof: section('Proof', part('proof')),
    meaning: meaning(diagnosis),
    alsoFound: section('Also found', part('alsoFound')),
    circumstances: section('Also in effect', part('circumstances')),
    symptoms: section('Symptoms', diagnosis.kind === 'failed' ? [] : symptoms(diagnosis, clock)),
    coverage: section('Coverage', [paragraph(words(coverageLine(diagnosis)))]),
    ruledOut: section('Ruled out', ruledOutBlocks(diagnosis)),
    suspects: section(suspects.length > 1 ? 'Ruled out' : 'Coverage', suspects),
    unseen: section('Not seen', part('unseen')),
    alarm: section('Alarm', alarmBackground(diagnosis)),
    owner: section('Owner', owner(diagnosis)),
    timeline: section('Timeline', part('timeline')),
    links: section('Links', diagnosis.links.map(link)),
    about: section('About this report', about(diagnosis, clock)),
    settings: (diagnosis.settings ?? []).map((mistake) =>
      paragraph(text`A setting of alb-triage: ${verbatim(mistake)}.`),
    ),
    receipt: receipt(diagnosis, clock),
  };
}

/** What mends it before what only looks. */
function inBrief(ways: readonly WayOut[], { ways: inFull, waysInBrief }: Room): readonly Block[] {
  const left = ways.slice(inFull);
  const mends = left.filter(({ isLook }) => !isLook);
  const told = [...mends, ...left.filter(({ isLook }) => isLook)].slice(0, waysInBrief);
  return left.filter((way) => told.includes(way)).map((way) => way.inBrief);
}

function section(title: string, blocks: readonly Block[]): Section {
  return { title, blocks };
}
