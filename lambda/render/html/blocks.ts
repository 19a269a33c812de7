import type { Argv } from '../../incident/finding.ts';
import type { Part, Text } from '../../incident/text.ts';
import { address } from '../printable.ts';
import { shellWords } from '../shell.ts';
import type { Block, Section } from '../story/block.ts';
import { type Clock, spoken } from '../times.ts';
import { asItStands, html, ifAny, type Markup } from './markup.ts';

export function sectionInHtml({ title, blocks }: Section, clock: Clock): Markup {
  return ifAny(blocks, () => html`<section><h2>${title}</h2>${blocksInHtml(blocks, clock)}</section>`);
}

/** What is long and seldom read opens by a click. */
export function foldedInHtml({ title, blocks }: Section, clock: Clock): Markup {
  return ifAny(
    blocks,
    () => html`<details><summary><h2>${title}</h2></summary>${blocksInHtml(blocks, clock)}</details>`,
  );
}

/** The items of a list stand together. */
export function blocksInHtml(blocks: readonly Block[], clock: Clock): Markup {
  const parts: Markup[] = [];
  let items: Markup[] = [];
  const endList = () => {
    if (items.length > 0) parts.push(html`<ul>${items}</ul>`);
    items = [];
  };
  for (const block of blocks) {
    if (block.is === 'item' || block.is === 'link') items.push(listed(block, clock));
    else {
      endList();
      parts.push(blockInHtml(block, clock));
    }
  }
  endList();
  return html`${parts}`;
}

function listed(block: Block, clock: Clock): Markup {
  const isUnder = block.is === 'item' && block.under;
  return isUnder
    ? html`<li class="under">${blockInHtml(block, clock)}</li>`
    : html`<li>${blockInHtml(block, clock)}</li>`;
}

function blockInHtml(block: Block, clock: Clock): Markup {
  switch (block.is) {
    case 'headline':
      return html`<p class="lead">${wordsInHtml(block.what, clock)}</p>`;
    case 'paragraph':
      return html`<p>${wordsInHtml(block.what, clock)}</p>`;
    case 'item':
      return wordsInHtml(block.what, clock);
    case 'command':
      return html`<pre class="command" role="group" aria-label="Command"><code>${wordByWord(block.run)}</code></pre>`;
    case 'link':
      return link(block.url, block.title);
  }
}

/** All of it is seen, and printed: a line ends between two words, and within one only where that is longer than a line. */
function wordByWord(run: Argv): Markup {
  const said = shellWords(run).map(
    (word, index) => html`${index === 0 ? '' : asItStands(' ')}<span>${asItStands(word)}</span>`,
  );
  return html`${said}`;
}

export function wordsInHtml(text: Text, clock: Clock): Markup {
  return html`${text.map((part) => partInHtml(part, clock))}`;
}

function partInHtml(part: Part, clock: Clock): Markup {
  switch (part.kind) {
    case 'time':
      return html`<time datetime="${part.at}">${spoken(part.at, clock)}</time>`;
    case 'word':
      return withLinks(part.text);
    case 'code':
    case 'resource':
      return html`<code>${part.text}</code>`;
  }
}

/** Up to the punctuation that ends the sentence around it. */
function withLinks(text: string): Markup {
  const pieces = text.split(/(https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]])/);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? link(piece, piece) : html`${piece}`))}`;
}

/** Only to the web: whatever else an address may begin with could run something. */
function link(url: string, title: string): Markup {
  const to = address(url);
  return /^https?:\/\//.test(to) ? html`<a href="${to}" rel="noreferrer">${title}</a>` : html`${title}`;
}
