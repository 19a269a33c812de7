import { inTable } from '../incident/in-table.ts';
import { beginningOf } from '../incident/short-text.ts';

const LOOKALIKES: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '…': '...',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '\u00a0': ' ',
};

/** Printable ASCII only. What has no likeness there becomes a question mark. */
export function ascii(text: string): string {
  return [...text]
    .map((character) => inTable(LOOKALIKES, character) ?? character)
    .join('')
    .replace(/[^\x20-\x7e]/gu, '?');
}

/** At most so many characters, cut with three dots. */
export function cut(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  return `${beginningOf(text, atMost - 3).trimEnd()}...`;
}
