import type { Part, Text } from '../incident/text.ts';
import { address, clip, printable } from './printable.ts';
import { shellQuote } from './shell.ts';
import type { Block, Section } from './story/block.ts';
import { type Clock, spoken } from './times.ts';

/** How a plain-text medium looks: its width, and what it does to a whole line of a kind. */
export interface Page {
  readonly width: number;
  readonly clock: Clock;
  /** A longer web address is named by its host: cut or broken, it would lead somewhere else. */
  readonly addressAtMost?: number;
  readonly heading: (line: string) => string;
  readonly headline: (line: string) => string;
  readonly command: (line: string) => string;
  /** Without an empty line after a command. */
  readonly dense?: boolean;
  /** A title that leads to an address, where the medium can show one. */
  readonly hyperlink?: (title: string, url: string) => string;
}

/** Sections under their headings, an empty line between two; those with nothing to say are left out. */
export function plainSections(sections: readonly Section[], page: Page): readonly string[] {
  return sections
    .filter(({ blocks }) => blocks.length > 0)
    .flatMap(({ title, blocks }) => ['', page.heading(title), ...plainBlocks(blocks, page)]);
}

export function plainBlocks(blocks: readonly Block[], page: Page): readonly string[] {
  return blocks.flatMap((block, index) => {
    const breathes = !page.dense && block.is === 'command' && index < blocks.length - 1;
    return breathes ? [...plainBlock(block, page), ''] : plainBlock(block, page);
  });
}

function plainBlock(block: Block, page: Page): readonly string[] {
  switch (block.is) {
    case 'headline':
      return paragraphLines(block.what, page).map(page.headline);
    case 'paragraph':
      return withHyperlinks(paragraphLines(block.what, page), page);
    case 'item': {
      const indent = block.under ? '  ' : '';
      return withHyperlinks(wrap(prose(block.what, page), page.width, `${indent}- `, `${indent}  `), page);
    }
    case 'command':
      return [page.command(shellQuote(block.run))];
    case 'link':
      return page.hyperlink === undefined
        ? [...wrap(`${printable(block.title).trim()}:`, page.width, '', '  '), address(block.url)]
        : [`- ${page.hyperlink(block.title, block.url)}`];
  }
}

/** Longer than any name that AWS gives, and than most of what people write. */
const PART_AT_MOST = 1_000;

function printed(part: Exclude<Part, { kind: 'time' }>): string {
  const plain = printable(part.text);
  return isTheirs(part) ? clip(plain, PART_AT_MOST) : plain;
}

/** What others wrote never stands alone at the beginning of a line, where a command of ours would: it may read as one. */
function paragraphLines(text: Text, page: Page): readonly string[] {
  const said = prose(text, page);
  const lines = wrap(said, page.width);
  const theirs = text.flatMap((part) => (isTheirs(part) ? printable(part.text) : []));
  const sentences = theirs.filter((one) => one.includes(' '));
  const isAlone = (line: string) =>
    sentences.some((one) =>
      one.includes(
        line
          .split(' ', 2)
          .join(' ')
          .replace(/[.,;:]$/, ''),
      ),
    ) ||
    (!/^https?:/.test(line) && theirs.some((one) => one.includes(line.replace(/[.:]$/, ''))));
  return lines.some(isAlone) ? wrap(said, page.width - 2, '  ', '  ') : lines;
}

export function isTheirs(part: Part): part is Exclude<Part, { kind: 'time' }> {
  return part.kind === 'word' ? part.theirs === true : part.kind !== 'time';
}

/** An address stands on a line of its own. */
function withHyperlinks(lines: readonly string[], { hyperlink }: Page): readonly string[] {
  if (hyperlink === undefined) return lines;
  return lines.map((line) =>
    line.replace(/^(\W*)(https?:\/\/\S+)$/, (_, before: string, url: string) => before + hyperlink(url, url)),
  );
}

/** To be broken into lines: a command that it names stays whole. */
function prose(text: Text, { clock, addressAtMost = Number.POSITIVE_INFINITY }: Page): string {
  const said = text
    .map((part) => {
      const plain = part.kind === 'time' ? spoken(part.at, clock) : printed(part);
      return part.kind === 'code' && COMMAND.test(plain) ? plain.replaceAll(' ', UNBROKEN) : plain;
    })
    .join('');
  return said
    .split(ADDRESS)
    .map((piece) => (piece.length > addressAtMost ? withoutAddress(piece) : piece))
    .join('');
}

function withoutAddress(piece: string): string {
  const [, host] = /^https?:\/\/([^/?#\s]*)/.exec(piece) ?? [];
  return host === undefined ? piece : `(a web address at ${clip(host, 60)}, ${columns(piece)} characters long)`;
}

const COMMAND = /^(aws|kubectl) \S/;
const UNBROKEN = '\u00a0';

export function plainText(text: Text, clock: Clock): string {
  return printable(text.map((part) => (part.kind === 'time' ? spoken(part.at, clock) : part.text)).join('')).trim();
}

/** Up to the punctuation that ends the sentence around it. */
const ADDRESS = /(https?:\/\/\S*[^\s.,;:!?'")\]>])/;

/** Prose in lines of at most `width` columns. A web address stands unbroken on a line of its own. */
export function wrap(prose: string, width: number, first = '', rest = ''): readonly string[] {
  const lines: string[] = [];
  let line = first;
  const flush = () => {
    if (line.trim() !== '' && line !== first) lines.push(line.trimEnd());
    line = lines.length === 0 ? first : rest;
  };
  for (const piece of prose.split(ADDRESS)) {
    if (ADDRESS.test(piece)) {
      flush();
      lines.push(`${lines.length === 0 ? first : rest}${piece}`);
      line = rest;
      continue;
    }
    const afterAddress = line === rest && lines.length > 0;
    const words = keptTogether(afterAddress ? piece.replace(/^[.,;:!?'")\]>]+/, '') : piece);
    for (const word of words.flatMap((one) => broken(one, rest.length))) {
      const bare = line === first || line === rest;
      if (!bare && columns(line) + 1 + columns(word) > width) flush();
      line += line === first || line === rest ? word : ` ${word}`;
    }
  }
  flush();
  return lines;
}

/** No line is longer, for whatever it is read by; a name that is goes on in the next. */
const LINE_AT_MOST = 200;

function broken(word: string, indent: number): readonly string[] {
  const atMost = LINE_AT_MOST - indent;
  if (columns(word) <= atMost) return [word];
  const characters = [...word];
  const pieces = Math.ceil(characters.length / atMost);
  return Array.from({ length: pieces }, (_, n) => characters.slice(n * atMost, (n + 1) * atMost).join(''));
}

/** A number stays with its unit. */
function keptTogether(prose: string): readonly string[] {
  return prose
    .replace(/(\d) (?=(?:%|ms|s|min|h|UTC)(?:\W|$))/g, `$1${UNBROKEN}`)
    .split(/ +/)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(UNBROKEN, ' '));
}

export function columns(text: string): number {
  return [...text].length;
}
