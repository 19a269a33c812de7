import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { outcomeOf } from '../entry/cli/a-shell.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

const guide = readFileSync('docs/style.md', 'utf8');
const [, listed = ''] = guide.split('\n## Never\n');
const never = [...listed.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words);

/** A form that ends in a number is not the beginning of a larger one. */
const isIn = (said: string, words: string): boolean => new RegExp(`\\b${words}\\b(?![,.]\\d)`, 'i').test(said);

/** Sentences that AWS or a person wrote are theirs. */
function sentencesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes(' ') ? [value.replace(/\s+/g, ' ')] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentencesIn) : [];
}

test('docs/style.md lists what is never said', () => {
  expect(never.length).toBeGreaterThan(20);
  expect(isIn('it is mended', 'mended')).toBe(true);
  expect(isIn('none of 12 targets', 'none of 1')).toBe(false);
  expect(isIn('1 of 1,200 requests', '1 of 1')).toBe(false);
});

/** A number with its unit is one word, a target with its port and zone another, and what stands in parentheses (an id, a source, a time) interrupts no thought. */
function lengthOf(sentence: string): number {
  return sentence
    .replace(/\([^()]*\)/g, '')
    .replace(/\S+ port \d+ in \S+/g, 'target')
    .replace(/(\d) (?=(?:%|ms|s|min|h|days?|UTC)(?:\W|$))/g, '$1')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** A colon and a semicolon begin another thought; a line that was too long goes on in the next. */
function thoughtsIn(mail: string): readonly string[] {
  return mail
    .replace(/([^\n]{150}[^.:;?!…\n])\n {0,2}(?=[^\s-])/g, '$1 ')
    .split('\n')
    .filter((line) => !/^\s*(?:aws|kubectl|curl) |^https?:/.test(line))
    .flatMap((line) => line.replace(/^- /, '').split(/(?<=[.;:?!…]) /));
}

test('a sentence of 25 words is measured without what it only names', () => {
  expect(lengthOf('27 % of requests fail (502 and 503) since 13:44 UTC')).toBe(6);
});

describe.each(recordedIncidents())('$name', ({ snapshot }) => {
  const diagnosis = diagnosisOf(snapshot);

  test('is told without a word that docs/style.md forbids', () => {
    const theirs = [...new Set(sentencesIn(snapshot.evidence))].sort((a, b) => b.length - a.length);
    const told = [renderEmail(diagnosis), renderTerminal(diagnosis, { colour: false, verbose: true, width: 10_000 })]
      .join('\n')
      .replace(/\s+/g, ' ');
    const ours = theirs.reduce((left, theirSentence) => left.replaceAll(theirSentence, ' '), told);
    expect(never.filter((words) => isIn(ours, words))).toEqual([]);
  });

  test('is told in the mail in sentences of 25 words at most', () => {
    const theirs = sentencesIn(snapshot.evidence);
    const long = thoughtsIn(renderEmail(diagnosis)).filter((thought) => lengthOf(thought) > 25);
    expect(long.filter((thought) => !theirs.some((sentence) => sentence.includes(thought)))).toEqual([]);
  });
});

/** The table is a page's own; its code, and names of metrics and causes, are AWS's. */
function proseOf(page: string): string {
  return page.replace(/`[^`]*`/g, '').replace(/\s+/g, ' ');
}

const pages = readdirSync('lambda/causes', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('page.md'))
  .map((file) => `lambda/causes/${file}`);

test.each([...pages, 'docs/causes/README.md', 'README.md'])('%s says nothing that docs/style.md forbids', (file) => {
  const said = proseOf(readFileSync(file, 'utf8'));
  expect(never.filter((words) => isIn(said, words))).toEqual([]);
});

test.each([
  '--help',
  'help options',
  'tree --help',
  'diagnose --help',
  'demo --help',
  'explain --help',
  'policy --help',
  'completion --help',
  'demo --list',
])('alb-triage %s says nothing that docs/style.md forbids', async (line) => {
  const { status, stdout } = await outcomeOf(line.split(' '));
  expect(status).toBe(0);
  expect(never.filter((words) => isIn(stdout, words))).toEqual([]);
});
