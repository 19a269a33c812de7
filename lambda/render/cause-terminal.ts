import picocolors from 'picocolors';
import type { Cause } from '../causes/cause.ts';
import { type CausePage, DOCS, type PagePart, partsOf } from './cause-page.ts';
import { hyperlink } from './links.ts';
import { type Look, renderListing } from './listing.ts';
import { wrap } from './plain.ts';

type Named = Pick<Cause, 'id' | 'category'>;

/** All causes by category, in the order of the catalogue. */
export function renderCauseList(causes: readonly (Named & Pick<CausePage, 'title'>)[], look: Look): string {
  return renderListing(
    causes.map(({ category, id, title }) => ({ group: category, name: id, says: title })),
    look,
  );
}

/** The page of one cause, for a person at a shell. */
export function renderCause(
  { id, category }: Named,
  page: CausePage,
  { colour, hyperlinks, width = 80 }: Look,
): string {
  const { bold } = picocolors.createColors(colour);
  const columns = Math.min(Math.max(width, 40), 100);
  return [
    ...wrap(page.title, columns).map(bold),
    `${id}, of the category ${category}`,
    ...page.sections.flatMap((section) => [
      '',
      bold(section.title),
      ...partsOf(section).flatMap((part) => inPlain(part, columns)),
    ]),
    '',
    bold(DOCS),
    ...page.docs.map((url) => `  ${hyperlinks ? hyperlink(url, url) : url}`),
    '',
  ].join('\n');
}

/** To the page of another cause: on a terminal, the command that shows it. */
const LINK = /^\[`([^`]+)`\]\(\S+\/page\.md\)$/;

function inPlain(part: PagePart, columns: number): readonly string[] {
  switch (part.is) {
    case 'prose':
      return wrap(part.text, columns);
    case 'list':
      return part.items.flatMap((item) => {
        const [, cause] = LINK.exec(item) ?? [];
        return cause === undefined ? wrap(item, columns, '- ', '  ') : [`  alb-triage explain ${cause}`];
      });
    case 'table':
      return part.rows.flatMap((row) => rowInPlain(row, part.columns, columns));
  }
}

/** A row for each line of a table does not fit a terminal: its first cell, and under it the others by their column. */
function rowInPlain(row: readonly string[], [, ...names]: readonly string[], columns: number): readonly string[] {
  const [first = '', ...cells] = row;
  return [
    ...wrap(first, columns, '- ', '  '),
    ...cells.flatMap((cell, index) =>
      wrap(`${(names[index] ?? '').toLowerCase()}: ${cell}`, columns, '    ', '      '),
    ),
  ];
}
