import type { Diagnosis } from '../../incident/diagnosis.ts';
import { words } from '../../incident/text.ts';
import type { Clock } from '../times.ts';
import { alsoFound, circumstances, nextBlockers } from './also-found.ts';
import { about, alarmBackground, owner, symptoms, timeline } from './background.ts';
import { type Block, paragraph, type Section } from './block.ts';
import { withCommandsOnce } from './commands-once.ts';
import { coverageLine, ruledOutBlocks, unseenBlocks } from './coverage.ts';
import { withNames } from './names.ts';
import { opening } from './opening.ts';
import { proof } from './proof.ts';
import { remedies } from './remedy.ts';

/** The whole report in parts that each medium puts in its own order. Empty parts are left out by the layout. */
export interface Story {
  readonly opening: readonly Block[];
  /** What to do about the first cause, the way to take first. */
  readonly remedy: readonly Block[];
  readonly furtherSteps: Section;
  readonly nextBlockers: Section;
  readonly proof: Section;
  readonly alsoFound: Section;
  readonly circumstances: Section;
  readonly symptoms: Section;
  readonly coverage: Section;
  readonly ruledOut: Section;
  readonly unseen: Section;
  readonly alarm: Section;
  readonly owner: Section;
  readonly timeline: Section;
  readonly links: Section;
  readonly about: Section;
}

export function story(diagnosis: Diagnosis, clock: Clock): Story {
  const [first = [], ...others] = remedies(diagnosis);
  const over = diagnosis.kind === 'recovered';
  const [way = [], further = [], then = [], besides = []] = withCommandsOnce([
    first,
    others.flat(),
    nextBlockers(diagnosis),
    alsoFound(diagnosis),
  ]);
  // In the order of a mail.
  const parts = {
    opening: opening(diagnosis, clock),
    remedy: over ? [] : way,
    proof: proof(diagnosis),
    furtherSteps: over ? [...way, ...further] : further,
    nextBlockers: then,
    alsoFound: besides,
    circumstances: circumstances(diagnosis),
    unseen: unseenBlocks(diagnosis),
    timeline: timeline(diagnosis),
  };
  const named = withNames(Object.values(parts), diagnosis.names ?? {});
  const part = (key: keyof typeof parts): readonly Block[] => named[Object.keys(parts).indexOf(key)] ?? [];
  return {
    opening: part('opening'),
    remedy: part('remedy'),
    furtherSteps: section(over ? 'So that it does not come back' : 'Further steps', part('furtherSteps')),
    nextBlockers: section('Then', part('nextBlockers')),
    proof: section('Proof', part('proof')),
    alsoFound: section('Also found', part('alsoFound')),
    circumstances: section('Also in effect', part('circumstances')),
    symptoms: section('Symptoms', diagnosis.kind === 'failed' ? [] : symptoms(diagnosis, clock)),
    coverage: section('Coverage', [paragraph(words(coverageLine(diagnosis)))]),
    ruledOut: section('Ruled out', ruledOutBlocks(diagnosis)),
    unseen: section('Not seen', part('unseen')),
    alarm: section('Alarm', alarmBackground(diagnosis)),
    owner: section('Owner', owner(diagnosis)),
    timeline: section('Timeline', part('timeline')),
    links: section(
      'Links',
      diagnosis.links.map(({ title, url }) => ({ is: 'link', title, url })),
    ),
    about: section('About this report', about(diagnosis, clock)),
  };
}

function section(title: string, blocks: readonly Block[]): Section {
  return { title, blocks };
}
