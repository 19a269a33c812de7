import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../lambda/causes/index.ts';
import { diagnose } from '../lambda/diagnose/diagnose.ts';
import { CATALOGUE, type CauseId } from '../lambda/incident/cause.ts';
import { renderEmail } from '../lambda/render/email.ts';
import { renderJson } from '../lambda/render/json.ts';
import { renderSms } from '../lambda/render/sms.ts';
import { recordedIncidents, TANGLES } from './support/incidents.ts';

const recorded = recordedIncidents();
const found = new Set<CauseId | undefined>();

describe.each(recorded)('$name', ({ snapshot, expected, file }) => {
  const diagnosis = diagnose(snapshot, CAUSES);
  found.add(diagnosis.findings[0]?.cause);
  const confident = diagnosis.findings
    .filter(({ strength }) => strength !== 'circumstantial')
    .map(({ cause }) => cause);

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

  test('its README says what happened and how it was made', () => {
    expect(readFileSync(file('README.md'), 'utf8')).toMatch(/^# .{10,100}\n\n/);
  });
});

test('every cause of the catalogue is what some incident is found to be', () => {
  expect(
    Object.values(CATALOGUE)
      .flat()
      .filter((cause) => !found.has(cause)),
  ).toEqual([]);
});

test('at least fifteen of them are tangled, in every way', () => {
  const tangled = recorded.flatMap(({ expected }) => expected.tangled ?? []);
  expect(tangled.length).toBeGreaterThanOrEqual(15);
  expect(new Set(tangled)).toEqual(new Set(TANGLES));
});
