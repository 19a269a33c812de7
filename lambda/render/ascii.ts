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
    .map((character) => LOOKALIKES[character] ?? character)
    .join('')
    .replace(/[^\x20-\x7e]/gu, '?');
}

/** At most so many characters, cut with three dots. */
export function cut(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  // A character of two units is whole or not there.
  return `${text
    .slice(0, atMost - 3)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}...`;
}
