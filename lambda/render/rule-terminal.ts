import picocolors from 'picocolors';
import type { Rule } from '../rules/rule.ts';
import type { Settings } from '../rules/settings.ts';
import { wrapped } from './plain.ts';
import { type PagePart, sectionsOf } from './rule-page.ts';

export interface Look {
  readonly colour: boolean;
  /** Of the terminal; absent where nothing is to be wrapped. */
  readonly width?: number;
}

/** All causes by category, in the order of the catalogue. */
export function renderRuleList(rules: readonly Rule[], { colour, width }: Look): string {
  const { bold } = picocolors.createColors(colour);
  const categories = [...new Set(rules.map(({ category }) => category))];
  const widest = Math.max(0, ...rules.map(({ id }) => id.length));
  const indent = ' '.repeat(widest + 4);
  const line = ({ id, title }: Rule): readonly string[] => {
    const [first = '', ...more] = wrapped(title, Math.max(20, (width ?? Number.POSITIVE_INFINITY) - indent.length));
    return [`  ${id.padEnd(widest)}  ${first}`, ...more.map((rest) => `${indent}${rest}`)];
  };
  return categories
    .flatMap((category) => [bold(category), ...rules.filter((rule) => rule.category === category).flatMap(line), ''])
    .join('\n');
}

/** The page of one cause, for a person at a shell. */
export function renderRule(rule: Rule, { colour, width = 80 }: Look): string {
  const { bold } = picocolors.createColors(colour);
  const columns = Math.min(Math.max(width, 40), 100);
  return [
    ...wrapped(rule.title, columns).map(bold),
    `${rule.id}, of the category ${rule.category}`,
    ...sectionsOf(rule).flatMap(({ title, parts }) => [
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
