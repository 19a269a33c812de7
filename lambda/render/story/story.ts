import type { Diagnosis } from '../../incident/diagnosis.ts';
import { words } from '../../incident/text.ts';
import type { Clock } from '../times.ts';
import { about, alarmBackground, owner, symptoms, timeline } from './background.ts';
import { type Block, paragraph, type Section } from './block.ts';
import { coverageLine, ruledOutBlocks, unseenBlocks } from './coverage.ts';
import { opening } from './opening.ts';
import { alsoFound, circumstances, nextBlockers, proof } from './proof.ts';
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
  const ways = remedies(diagnosis);
  const over = diagnosis.kind === 'recovered';
  return {
    opening: opening(diagnosis, clock),
    remedy: over ? [] : (ways[0] ?? []),
    furtherSteps: over
      ? section('So that it does not come back', ways.flat())
      : section('Further steps', ways.slice(1).flat()),
    nextBlockers: section('Then', nextBlockers(diagnosis)),
    proof: section('Proof', proof(diagnosis)),
    alsoFound: section('Also found', alsoFound(diagnosis)),
    circumstances: section('Also in effect', circumstances(diagnosis)),
    symptoms: section('Symptoms', diagnosis.kind === 'failed' ? [] : symptoms(diagnosis, clock)),
    coverage: section('Coverage', [paragraph(words(coverageLine(diagnosis)))]),
    ruledOut: section('Ruled out', ruledOutBlocks(diagnosis)),
    unseen: section('Not seen', unseenBlocks(diagnosis)),
    alarm: section('Alarm', alarmBackground(diagnosis)),
    owner: section('Owner', owner(diagnosis)),
    timeline: section('Timeline', timeline(diagnosis)),
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
