import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { recordedIncidents } from '../support/incidents.ts';

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

describe.each(recordedIncidents())('$name', ({ snapshot }) => {
  const diagnosis = diagnose(snapshot, CAUSES);

  test('is told without a word that docs/style.md forbids', () => {
    const theirs = [...new Set(sentencesIn(snapshot.evidence))].sort((a, b) => b.length - a.length);
    const told = [renderEmail(diagnosis), renderTerminal(diagnosis, { colour: false, verbose: true, width: 10_000 })]
      .join('\n')
      .replace(/\s+/g, ' ');
    const ours = theirs.reduce((left, theirSentence) => left.replaceAll(theirSentence, ' '), told);
    expect(never.filter((words) => isIn(ours, words))).toEqual([]);
  });
});
