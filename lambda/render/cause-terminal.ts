import picocolors from 'picocolors';
import type { Cause, Settings } from '../causes/cause.ts';
import { type PagePart, sectionsOf } from './cause-page.ts';
import { type Look, renderListing } from './listing.ts';
import { wrapped } from './plain.ts';

/** All causes by category, in the order of the catalogue. */
export function renderCauseList(causes: readonly Cause[], look: Look): string {
  return renderListing(
    causes.map(({ category, id, title }) => ({ group: category, name: id, says: title })),
    look,
  );
}

/** The page of one cause, for a person at a shell. */
export function renderCause(cause: Cause, { colour, width = 80 }: Look): string {
  const { bold } = picocolors.createColors(colour);
  const columns = Math.min(Math.max(width, 40), 100);
  return [
    ...wrapped(cause.title, columns).map(bold),
    `${cause.id}, of the category ${cause.category}`,
    ...sectionsOf(cause).flatMap(({ title, parts }) => [
      '',
      bold(title),
      ...parts.flatMap((part) => inPlain(part, columns)),
    ]),
    '',
  ].join('\n');
}

function inPlain(part: PagePart, columns: number): readonly string[] {
  switch (part.is) {
    case 'prose':
      return part.text.split('\n\n').flatMap((one) => wrapped(one, columns));
    case 'list':
      return part.of.map((one) => (part.links === 'pages' ? `  alb-triage explain ${one}` : `  ${one}`));
    case 'table':
      return part.table.rows.flatMap((row) => rowInPlain(row, part.table.columns, columns));
  }
}

/** A row for each line of a table does not fit a terminal: its first cell, and under it the others by their column. */
function rowInPlain(row: readonly string[], [, ...names]: Settings['columns'], columns: number): readonly string[] {
  const [first = '', ...cells] = row;
  return [
    ...wrapped(first, columns, '- ', '  '),
    ...cells.flatMap((cell, index) =>
      wrapped(`${(names[index] ?? '').toLowerCase()}: ${cell}`, columns, '    ', '      '),
    ),
  ];
}
