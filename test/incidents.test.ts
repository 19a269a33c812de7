import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../lambda/diagnose/diagnose.ts';
import { snapshotIn } from '../lambda/entry/cli/saved-snapshot.ts';
import { type CauseId, STRENGTHS } from '../lambda/incident/cause.ts';
import type { Status } from '../lambda/incident/diagnosis.ts';
import { renderEmail } from '../lambda/render/email.ts';
import { renderJson } from '../lambda/render/json.ts';
import { renderSms } from '../lambda/render/sms.ts';
import { RULES } from '../lambda/rules/index.ts';

/** What a right answer is, in words that do not change when the wording does. */
interface Expectation {
  readonly status: readonly Status[];
  /** The first cause; empty: nothing confident may be found. */
  readonly cause: readonly CauseId[];
  /** Red herrings: never decisive or strong. */
  readonly never: readonly CauseId[];
}

const folder = join(import.meta.dirname, 'incidents');
const incidents = readdirSync(folder).sort();

const [, , circumstantial] = STRENGTHS;

describe.each(incidents)('%s', (name) => {
  const file = (of: string): string => join(folder, name, of);
  const diagnosis = diagnose(snapshotIn(readFileSync(file('snapshot.json'), 'utf8'), name), RULES);
  // The file is ours, and written to this shape.
  const expected: Expectation = JSON.parse(readFileSync(file('expect.json'), 'utf8'));
  const confident = diagnosis.findings.filter(({ strength }) => strength !== circumstantial).map(({ cause }) => cause);

  test('the answer is right', () => {
    expect(expected.status).toContain(diagnosis.verdict.status);
    if (expected.cause.length > 0) expect(expected.cause).toContain(diagnosis.findings[0]?.cause);
    else expect(confident).toEqual([]);
    expect(confident.filter((cause) => expected.never.includes(cause))).toEqual([]);
    expect(diagnosis.broken).toEqual([]);
  });

  test('it is told as its golden files tell it', async () => {
    await expect(`${JSON.stringify(renderJson(diagnosis), null, 2)}\n`).toMatchFileSnapshot(file('report.json'));
    await expect(`${renderEmail(diagnosis)}\n`).toMatchFileSnapshot(file('email.txt'));
    await expect(`${renderSms(diagnosis)}\n`).toMatchFileSnapshot(file('sms.txt'));
  });

  test('no word of it is a value that is not there', () => {
    expect(renderEmail(diagnosis)).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
  });

  test('it has a README that says what happened and how it was made', () => {
    expect(existsSync(file('README.md'))).toBe(true);
    expect(readFileSync(file('README.md'), 'utf8')).toMatch(/^# .{10,100}\n\n/);
  });
});
