import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import {
  ALL,
  failed,
  hostile,
  identified,
  inconclusive,
  quiet,
  recovered,
  suspected,
  twoFindings,
} from './diagnoses.ts';

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

test('the terminal reads well', async () => {
  await expect(renderTerminal(twoFindings, { colour: false })).toMatchFileSnapshot('terminals/two-findings.txt');
});

describe.each(ALL)('the terminal: %s', (_, diagnosis) => {
  test('colours change no word', () => {
    const coloured = renderTerminal(diagnosis, { colour: true });
    expect(coloured).toMatch(ESCAPES);
    expect(coloured.replace(ESCAPES, '')).toBe(renderTerminal(diagnosis, { colour: false }));
  });

  test('prints no value that is not one, and nothing that could move the cursor', () => {
    const plain = renderTerminal(diagnosis, { colour: false });
    expect(plain).not.toMatch(/undefined|null|NaN|\[object/);
    expect(plain).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });
});

test.each([
  ['identified', identified, 31],
  ['suspected', suspected, 33],
  ['inconclusive', inconclusive, 33],
  ['quiet', quiet, 32],
  ['recovered', recovered, 32],
  ['failed', failed, 31],
])('the verdict stands first, in the colour of %s', (_, diagnosis, colour) => {
  const [first = ''] = renderTerminal(diagnosis, { colour: true }).split('\n');
  expect(first).toContain(`[${colour}m`);
  expect(first).toContain('ALB web: ');
});

test('what to do stands last, next to the prompt, and what is not there has no heading', () => {
  expect(renderTerminal(identified, { colour: false }).split('\nWhat to do\n')[1]).toMatch(/^Fix \(changes AWS\)/);
  expect(renderTerminal(inconclusive, { colour: false })).not.toContain('What to do');
});

test.each([
  [20, 40],
  [60, 60],
  [500, 100],
])('asked for %i columns, prose takes at most %i', (width, widest) => {
  const lines = renderTerminal(identified, { colour: false, width }).split('\n');
  const prose = lines.filter(
    (line) => line.replace(/^- /, '').trim().includes(' ') && !/^ {2}(aws|alb-triage) /.test(line),
  );
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(widest);
  expect(Math.max(...prose.map((line) => line.length))).toBeGreaterThan(widest - 20);
});

test('a hostile name starts no escape sequence', () => {
  expect(renderTerminal(hostile, { colour: true }).replace(ESCAPES, '')).not.toContain(String.fromCharCode(27));
});
