import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Text } from '../../incident/text.ts';
import type { Section } from '../story/block.ts';
import { type Clock, spoken } from '../times.ts';
import { blocksInHtml, wordsInHtml } from './blocks.ts';
import { html, ifAny, type Markup } from './markup.ts';

/** Moments on a line, told by what they are of; what is said about them stands before and after. */
export function timelineInHtml({ title, blocks }: Section, { timeline }: Diagnosis, clock: Clock): Markup {
  const items = blocks.flatMap((block) => (block.is === 'item' ? [block.what] : []));
  const first = blocks.findIndex(({ is }) => is === 'item');
  const around = blocks.filter(({ is }) => is !== 'item');
  const before = first < 0 ? around : blocks.slice(0, first);
  const after = first < 0 ? [] : blocks.slice(first).filter(({ is }) => is !== 'item');
  // Of very many the newest are told; where there is no timeline, changes stand alone.
  const kinds = timeline.slice(-items.length).map(({ kind }) => kind);
  const moments = items.map(
    (what, index) => html`<li class="${kinds[index] ?? 'change'}">${momentInHtml(what, clock)}</li>`,
  );
  const list = ifAny(moments, () => html`<ol class="timeline">${moments}</ol>`);
  return ifAny(
    blocks,
    () => html`<section><h2>${title}</h2>${blocksInHtml(before, clock)}${list}${blocksInHtml(after, clock)}</section>`,
  );
}

/** The time that it begins with stands apart. */
function momentInHtml(what: Text, clock: Clock): Markup {
  const [at, colon, ...rest] = what;
  if (at?.kind !== 'time' || colon?.kind !== 'word') return wordsInHtml(what, clock);
  const said: Text = [{ ...colon, text: colon.text.replace(/^:\s*/, '') }, ...rest];
  return html`<time datetime="${at.at}">${spoken(at.at, clock)}</time><span>${wordsInHtml(said, clock)}</span>`;
}
