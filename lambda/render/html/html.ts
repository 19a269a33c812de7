import type { Diagnosis, Status } from '../../incident/diagnosis.ts';
import type { Block, Section } from '../story/block.ts';
import { story } from '../story/story.ts';
import type { Zone } from '../times.ts';
import { type Clock, spokenInFull } from '../times.ts';
import { verdictLine } from '../verdict-line.ts';
import { blocksInHtml, foldedInHtml, sectionInHtml, wordsInHtml } from './blocks.ts';
import { chartInHtml } from './chart.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { pathInHtml } from './path.ts';
import { STYLE } from './style.ts';
import { timelineInHtml } from './timeline.ts';

/** A page that needs nothing but itself: no script, no font, no request to anywhere, and its policy forbids them. */
export function renderHtml(diagnosis: Diagnosis, options: { readonly zone?: Zone } = {}): string {
  const clock = { today: diagnosis.collectedAt, ...options };
  const told = story(diagnosis, clock);
  const { topology, kind } = diagnosis;
  const toDo: Section = { title: 'What to do', blocks: told.toDo };
  const section = (one: Section) => sectionInHtml(one, clock);
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${verdictLine(diagnosis)}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<div class="page">
${headerOf(diagnosis, told.opening, clock)}
<main>
${topology === undefined || kind === 'failed' ? NOTHING : pathInHtml(topology, clock)}
${kind === 'failed' ? NOTHING : chartInHtml(diagnosis)}
${section(told.proof)}
${remedyInHtml(toDo, clock)}
${section(told.afterwards)}
${section(told.furtherSteps)}
${section(told.nextBlockers)}
${section(told.alsoFound)}
${section(told.circumstances)}
${section(told.symptoms)}
${timelineInHtml(told.timeline, diagnosis, clock)}
${section(told.unseen)}
${section(told.alarm)}
${section(told.owner)}
${foldedInHtml({ title: told.ruledOut.title, blocks: [...told.coverage.blocks, ...told.ruledOut.blocks] }, clock)}
${section(told.links)}
</main>
<footer>${blocksInHtml([...told.meaning, ...told.about.blocks], clock)}</footer>
</div>
</body>
</html>
`;
  return markup;
}

/** What a reader knows at a glance; the names that tell it is about theirs. */
function headerOf(diagnosis: Diagnosis, opening: readonly Block[], clock: Clock): Markup {
  const [first, ...rest] = opening;
  // Whose account and where is told by the facts.
  const said = rest.filter((block) => block.is !== 'paragraph' || block.tells !== 'place');
  const heading = first?.is === 'headline' ? wordsInHtml(first.what, clock) : html`${verdictLine(diagnosis)}`;
  const { loadBalancer, findings, verdict } = diagnosis;
  const { name, region, accountId, accountName, owner } = loadBalancer;
  const facts = [
    ['Load balancer', name],
    ['Region', region],
    ['Account', accountName === undefined ? accountId : `${accountName} (${accountId})`],
    ['Owner', owner ?? null],
    ['Incident', diagnosis.incidentId],
    ['Read at', spokenInFull(diagnosis.collectedAt, clock)],
  ] as const;
  const entries = facts.flatMap(([title, value]) =>
    value === null ? [] : [html`<div><dt>${title}</dt><dd>${value}</dd></div>`],
  );
  const [status, shade] = badgeOf(diagnosis);
  const strength = verdict.cause === null ? undefined : findings[0]?.strength;
  const cause = verdict.cause === null ? NOTHING : html`<span>${verdict.cause}</span>`;
  const sure = strength === undefined ? NOTHING : html`<span>${strength}</span>`;
  return html`<header><div class="badges"><span class="badge ${shade}">${status}</span>${cause}${sure}</div><h1>${heading}</h1>${blocksInHtml(said, clock)}<dl class="facts">${entries}</dl></header>`;
}

function badgeOf({ kind, verdict }: Diagnosis): readonly [word: string, shade: string] {
  if (kind === 'failed') return ['Not triaged', 'bad'];
  if (kind === 'recovered') return ['Recovered', 'good'];
  const byStatus: Readonly<Record<Status, readonly [string, string]>> = {
    identified: ['Identified', 'bad'],
    suspected: ['Suspected', 'doubt'],
    inconclusive: ['Inconclusive', 'calm'],
    quiet: ['Quiet', 'good'],
  };
  return byStatus[verdict.status];
}

function remedyInHtml({ title, blocks }: Section, clock: Clock): Markup {
  if (blocks.length === 0) return NOTHING;
  return html`<section><h2>${title}</h2><div class="remedy">${blocksInHtml(blocks, clock)}</div></section>`;
}
