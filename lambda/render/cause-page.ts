import { parse } from 'yaml';
import type { Cause } from '../causes/cause.ts';

/** `page.md` of a cause: what stands in front of it, and its sections. */
export interface CausePage {
  readonly title: string;
  /** Addresses of AWS's documentation. */
  readonly docs: readonly string[];
  readonly sections: readonly PageSection[];
}

export interface PageSection {
  readonly title: string;
  /** Markdown, of what `partsOf` knows. */
  readonly text: string;
}

export type PagePart =
  | { readonly is: 'prose'; readonly text: string }
  | { readonly is: 'list'; readonly items: readonly string[] }
  | { readonly is: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

export const DOCS = 'AWS documentation';

/** Throws where the file is not a page. */
export function causePageIn(file: string): CausePage {
  const [, front, body] = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(file) ?? [];
  if (front === undefined || body === undefined) throw new Error('it does not begin with a title and docs between ---');
  const { title, docs } = (parse(front) ?? {}) as { readonly title?: unknown; readonly docs?: unknown };
  if (typeof title !== 'string') throw new Error('it has no title');
  if (!Array.isArray(docs) || !docs.every((url) => typeof url === 'string')) throw new Error('it has no list of docs');
  const [before = '', ...sections] = body.split(/^## /m);
  if (before.trim() !== '') throw new Error('something stands before its first section');
  return { title, docs, sections: sections.map(sectionIn) };
}

function sectionIn(text: string): PageSection {
  const [title = '', ...lines] = text.split('\n');
  return { title, text: lines.join('\n').trim() };
}

/** What a section is made of: paragraphs with no more mark-up than backticks, lists without others in them, tables. */
export function partsOf({ text }: PageSection): readonly PagePart[] {
  return text.split(/\n{2,}/).map(partIn);
}

function partIn(text: string): PagePart {
  const lines = text.split('\n');
  if (text.startsWith('- ')) return { is: 'list', items: lines.map((line) => line.replace(/^- /, '')) };
  if (!text.startsWith('|')) return { is: 'prose', text };
  const [columns = [], , ...rows] = lines.map(cellsIn);
  return { is: 'table', columns, rows };
}

function cellsIn(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What `alb-triage explain <cause>` prints where nobody looks: the page as one document. */
export function renderCausePage({ id, category }: Pick<Cause, 'id' | 'category'>, page: CausePage): string {
  const sections = [...page.sections, { title: DOCS, text: page.docs.map((url) => `- <${url}>`).join('\n') }];
  return [
    `# ${page.title}`,
    '',
    `\`${id}\`, of the category \`${category}\``,
    '',
    ...sections.flatMap(({ title, text }) => [`## ${title}`, '', text, '']),
  ].join('\n');
}
