import type { Cause } from '../../lambda/causes/cause.ts';
import { type CauseId, categoryOf } from '../../lambda/incident/cause.ts';
import { EVIDENCE } from '../../lambda/incident/evidence/table.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { causePageIn, type PageSection } from '../../lambda/render/cause-page.ts';

const JUDGED_BY = 'What it is judged by';
const BRINGS = 'What it causes';

/** A page with the sections in it that say what the cause's own literal says, made anew. */
export function withSectionsOf(cause: Cause, file: string): string {
  const [front = ''] = /^---\n[\s\S]*?\n---\n/.exec(file) ?? [];
  const sections = causePageIn(file)
    .sections.filter(({ title }) => title !== JUDGED_BY && title !== BRINGS)
    .flatMap((section) => {
      if (section.title === 'What proves it') return [section, judgedBy(cause)];
      return section.title === 'What looks similar' ? [section, ...brings(cause)] : [section];
    });
  return [front, ...sections.map(({ title, text }) => `## ${title}\n\n${text}\n`)].join('\n');
}

function judgedBy({ needs, uses }: Cause): PageSection {
  return {
    title: JUDGED_BY,
    text: [
      `Needed: ${named(needs)}. While any of it cannot be seen, this cause is neither found nor ruled out.`,
      ...(uses.length === 0 ? [] : [`Corroborated or dated by: ${named(uses)}. It is judged without them as well.`]),
    ].join('\n\n'),
  };
}

function brings({ category, causes }: Cause): readonly PageSection[] {
  if (causes.length === 0) return [];
  const links = causes.map((id) => `- [\`${id}\`](${pathFrom(category, id)})`);
  return [{ title: BRINGS, text: ['On the same targets, these are its symptoms:', links.join('\n')].join('\n\n') }];
}

function pathFrom(category: string, id: CauseId): string {
  return categoryOf(id) === category ? `../${id}/page.md` : `../../${categoryOf(id)}/${id}/page.md`;
}

function named(keys: readonly EvidenceKey[]): string {
  return keys.length === 0 ? 'nothing' : keys.map((key) => EVIDENCE[key].name).join(', ');
}
