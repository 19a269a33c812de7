import type { Cause, Settings } from '../causes/cause.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import { evidenceName } from './story/phrases.ts';

/** What a page is made of. Its prose is Markdown, with no more mark-up than backticks. */
export type PagePart =
  | { readonly is: 'prose'; readonly text: string }
  | { readonly is: 'list'; readonly of: readonly string[]; readonly links: 'pages' | 'addresses' }
  | { readonly is: 'table'; readonly table: Settings };

export interface PageSection {
  readonly title: string;
  readonly parts: readonly PagePart[];
}

/** The page of one cause, before it is laid out. */
export function sectionsOf(cause: Cause): readonly PageSection[] {
  const { explains, proof, resembles, remedy, prevention, settings = [], docs, needs, uses, causes } = cause;
  return [
    section('What it means', prose(explains)),
    section('What proves it', prose(proof)),
    section(
      'What it is judged by',
      prose(`Needed: ${named(needs)}. While any of it cannot be seen, this cause is neither found nor ruled out.`),
      ...(uses.length === 0
        ? []
        : [prose(`Corroborated or dated by: ${named(uses)}. It is judged without them, too.`)]),
    ),
    section('What looks like it', prose(resembles)),
    ...(causes.length === 0
      ? []
      : [
          section('What it brings with it', prose('On the same targets, these are its symptoms:'), {
            is: 'list',
            of: causes,
            links: 'pages',
          }),
        ]),
    section('What to do', prose(remedy)),
    section('How to prevent it', prose(prevention)),
    ...settings.map((table) => section(table.title, prose(table.about), { is: 'table', table })),
    section('AWS documentation', { is: 'list', of: docs, links: 'addresses' }),
  ];
}

/** `docs/causes/<id>.md`, and what `alb-triage explain <cause>` prints where nobody looks. */
export function renderCausePage(cause: Cause): string {
  const { id, category, title } = cause;
  return [
    `# ${title}`,
    '',
    `\`${id}\`, of the category \`${category}\``,
    '',
    ...sectionsOf(cause).flatMap(({ title, parts }) => [
      `## ${title}`,
      '',
      ...parts.flatMap((part) => [...inMarkdown(part), '']),
    ]),
  ].join('\n');
}

function inMarkdown(part: PagePart): readonly string[] {
  switch (part.is) {
    case 'prose':
      return [part.text];
    case 'list':
      return part.of.map((one) => (part.links === 'pages' ? `- [\`${one}\`](${one}.md)` : `- <${one}>`));
    case 'table':
      return [part.table.columns, part.table.columns.map(() => '---'), ...part.table.rows].map(
        (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
      );
  }
}

function section(title: string, ...parts: readonly PagePart[]): PageSection {
  return { title, parts };
}

/** Rules write their prose as the code's lines fall. */
function prose(text: string): PagePart {
  return {
    is: 'prose',
    text: text
      .trim()
      .split(/\n\s*\n/)
      .map((one) => one.replace(/\s*\n\s*/g, ' '))
      .join('\n\n'),
  };
}

function named(keys: readonly EvidenceKey[]): string {
  return keys.length === 0 ? 'nothing' : keys.map(evidenceName).join(', ');
}
