import type { Diagnosis } from '../incident/diagnosis.ts';
import { type Page, plainBlocks, plainSections } from './plain.ts';
import { story } from './story/story.ts';
import type { Zone } from './times.ts';

/** Plain text to be read on a phone: prose at most 78 columns, commands and addresses unbroken on lines of their own. */
export function renderEmail(diagnosis: Diagnosis, options: { readonly zone?: Zone } = {}): string {
  const clock = { today: diagnosis.collectedAt, ...options };
  const page: Page = {
    width: 78,
    clock,
    heading: (line) => line.toUpperCase(),
    headline: (line) => line,
    command: (line) => line,
  };
  const told = story(diagnosis, clock);
  return [
    ...plainBlocks([...told.opening, ...told.remedy], page),
    ...plainSections(
      [
        told.proof,
        told.furtherSteps,
        told.nextBlockers,
        told.alsoFound,
        told.circumstances,
        told.coverage,
        told.unseen,
        told.symptoms,
        told.timeline,
        told.alarm,
        told.owner,
        told.ruledOut,
        told.links,
        told.about,
      ],
      page,
    ),
    '',
  ].join('\n');
}
