import { inTable } from '../../incident/in-table.ts';
import { printable } from '../printable.ts';

/** Mark-up of ours. What others wrote gets into it through `html` alone, which escapes it. */
export interface Markup {
  readonly markup: string;
}

type Insert = string | number | Markup | readonly Markup[];

/** `` html`<p>${name}</p>` ``: a string is text, whatever it holds; in an attribute it stands in double quotes. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  const parts = strings.map((own, index) => {
    const insert = inserts[index];
    return insert === undefined ? own : own + markupOf(insert);
  });
  return { markup: parts.join('') };
}

/** Every blank of it counts: a command. It holds nothing that cannot be printed. */
export const asItStands = (line: string): Markup => ({ markup: escaped(line) });

/** A part that may not be there. */
export const ifAny = (items: readonly unknown[], part: () => Markup): Markup => (items.length === 0 ? NOTHING : part());

export const NOTHING: Markup = { markup: '' };

function markupOf(insert: Insert): string {
  if (typeof insert === 'string') return escaped(printable(insert));
  if (typeof insert === 'number') return String(insert);
  return 'markup' in insert ? insert.markup : insert.map(({ markup }) => markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => inTable(ENTITIES, character) ?? '');
}
