import picocolors from 'picocolors';
import type { Diagnosis, Status } from '../incident/diagnosis.ts';
import { type Page, plainBlocks, plainSections, wrap } from './plain.ts';
import { printable } from './printable.ts';
import { story } from './story/story.ts';
import type { Zone } from './times.ts';
import { verdictLine } from './verdict-line.ts';

export interface TerminalOptions {
  readonly colour: boolean;
  readonly width?: number;
  readonly zone?: Zone;
}

type Colours = ReturnType<typeof picocolors.createColors>;

/** For a person at a shell: the verdict at the top, and what to run at the bottom, next to the prompt. */
export function renderTerminal(diagnosis: Diagnosis, { colour, width, zone }: TerminalOptions): string {
  const colours = picocolors.createColors(colour);
  const clock = { today: diagnosis.collectedAt, ...(zone === undefined ? {} : { zone }) };
  const page: Page = {
    width: Math.min(Math.max(width ?? 80, 40), 100),
    clock,
    heading: colours.bold,
    headline: colours.bold,
    command: (line) => `  ${colours.bold(line)}`,
  };
  const told = story(diagnosis, clock);
  const toDo = { title: 'What to do', blocks: told.remedy };
  return [
    ...wrap(printable(verdictLine(diagnosis)), page.width).map(alarming(diagnosis, colours)),
    '',
    ...plainBlocks(told.opening, page),
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
        toDo,
      ],
      page,
    ),
    '',
  ].join('\n');
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
