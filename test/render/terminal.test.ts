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
  const verbose = renderTerminal(twoFindings, { colour: false, verbose: true });
  await expect(verbose).toMatchFileSnapshot('terminals/two-findings-in-full.txt');
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
  expect(first).toContain('web: ');
});

describe.each(ALL)('the short form: %s', (_, diagnosis) => {
  const lines = renderTerminal(diagnosis, { colour: false }).trimEnd().split('\n');

  test('fits 40 lines', () => expect(lines.length).toBeLessThanOrEqual(40));

  if (diagnosis.kind === 'failed') {
    test('ends with the verdict, and counts nothing that was never read', () => {
      expect(lines.at(-1)).toBe(lines[0]);
      expect(lines.join(' ')).not.toMatch(/-v shows|not judged|Seen of each step/);
    });
    return;
  }

  test('ends with the verdict again, and what there is more of', () => {
    expect(lines.at(-1)).toMatch(/^\d+ causes? found, \d+ ruled out, \d+ not judged; -v shows them\.$/);
    const verdict = lines.slice(0, lines.indexOf(''));
    expect(lines.slice(-1 - verdict.length, -1)).toEqual(verdict);
  });

  test('says how much was seen of each step of looking by hand', () => {
    expect(lines.join(' ')).toMatch(
      /Seen of each step: service seen, connectivity partly, logs not, configuration\s+seen,\s+network partly\./,
    );
  });
});

test('what to do comes after the proof, and what is not there has no heading', () => {
  expect(renderTerminal(identified, { colour: false }).split('\nWhat to do\n')[1]).toMatch(/^Fix \(changes AWS\)/);
  expect(renderTerminal(recovered, { colour: false })).not.toContain('What to do');
});

test('in full it tells all that is known', () => {
  const short = renderTerminal(twoFindings, { colour: false });
  const full = renderTerminal(twoFindings, { colour: false, verbose: true });
  for (const heading of ['Symptoms', 'Timeline', 'Ruled out', 'Links', 'About this report']) {
    expect(full).toContain(`\n${heading}\n`);
    expect(short).not.toContain(`\n${heading}\n`);
  }
});

test.each([
  [20, 40],
  [60, 60],
  [500, 120],
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

test('where there are no options, none is named', () => {
  const text = renderTerminal(identified, { colour: false, withoutOptions: true });
  expect(text).toMatch(/\d+ ruled out, \d+ not judged\.\n$/);
  expect(text).not.toContain('-v');
});
