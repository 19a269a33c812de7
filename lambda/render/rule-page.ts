import type { Rule } from '../rules/rule.ts';
import { evidenceName } from './story/phrases.ts';

/** The page of one cause: `docs/rules/<id>.md`, and what `alb-triage explain <cause>` prints. */
export function renderRulePage(rule: Rule): string {
  const { id, category, title, explains, proof, resembles, prevention, docs, needs, uses, causes } = rule;
  return [
    `# ${title}`,
    '',
    `\`${id}\`, of the category \`${category}\``,
    '',
    '## What it means',
    '',
    unwrapped(explains),
    '',
    '## What proves it',
    '',
    unwrapped(proof),
    '',
    '## What it is judged by',
    '',
    `Needed: ${named(needs)}. While any of it cannot be seen, this cause is neither found nor ruled out.`,
    '',
    ...(uses.length === 0 ? [] : [`Corroborated or dated by: ${named(uses)}. It is judged without them, too.`, '']),
    '## What looks like it',
    '',
    unwrapped(resembles),
    '',
    ...(causes.length === 0
      ? []
      : ['## What it brings with it', '', 'On the same targets, these are its symptoms:', '', ...causes.map(page), '']),
    '## How to prevent it',
    '',
    unwrapped(prevention),
    '',
    '## AWS documentation',
    '',
    ...docs.map((url) => `- <${url}>`),
    '',
  ].join('\n');
}

/** All causes by category: `alb-triage explain`, and the index of the pages. */
export function renderRuleList(rules: readonly Rule[]): string {
  const categories = [...new Set(rules.map(({ category }) => category))];
  const widest = Math.max(0, ...rules.map(({ id }) => id.length));
  return categories
    .flatMap((category) => [
      category,
      ...rules.filter((rule) => rule.category === category).map(({ id, title }) => `  ${id.padEnd(widest)}  ${title}`),
      '',
    ])
    .join('\n');
}

function page(id: string): string {
  return `- [\`${id}\`](${id}.md)`;
}

function named(keys: readonly string[]): string {
  return keys.length === 0 ? 'nothing' : keys.map(evidenceName).join(', ');
}

/** Rules write their prose as the code's lines fall. */
function unwrapped(prose: string): string {
  return prose
    .trim()
    .split(/\n\s*\n/)
    .map((one) => one.replace(/\s*\n\s*/g, ' '))
    .join('\n\n');
}
