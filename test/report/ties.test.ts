import { describe, expect, test } from 'vitest';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderJson } from '../../lambda/render/json.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';
import { miscounted } from './miscounted.ts';
import { COUNTED, groundsOf, type Said, saidIn, untied, untiedIn, untiedInMail } from './ties.ts';

/**
 * Whatever a report says is in the snapshot, or follows from it by arithmetic that stands here, apart from the causes that
 * said it. Held are: every id (of AWS's resources, ARNs, IPv4 addresses, tasks, accounts), every time, and of the numbers
 * in headlines, proofs and circumstances those of requests, errors and connections (sums over minutes), rates a minute,
 * seconds, shares of the requests, ports, codes and counts of targets; and the figures in fields of their own.
 *
 * Not held: that the id is the one that is meant; that a number that could be made is the one that the sentence says; small
 * counts, which some list always has; shares of errors in chosen minutes, and of other things; lengths in minutes; limits
 * that are the program's own (`90 % or more`, `within 2 minutes`); names, settings that are words, IPv6 addresses. Of
 * what is made false on purpose, below, all ids and ports are found, nine in ten of requests, and seven in ten of times and codes: where some
 * minute or some other code is said elsewhere, one in the place of another is not seen.
 */
const told = recordedIncidents().map(({ name, snapshot }) => {
  const diagnosis = diagnosisOf(snapshot);
  // It is a hash, of which nothing is in the snapshot.
  const { incidentId } = diagnosis;
  const report = { ...renderJson(diagnosis), incidentId: '' };
  const mail = renderEmail(diagnosis).replace(`incident ${incidentId}`, 'incident');
  return { name, snapshot, grounds: groundsOf(snapshot), report, mail };
});

describe.each(told)('$name', ({ snapshot, grounds, report, mail }) => {
  test('every id, time and number in the report is in the snapshot, or follows from it', () => {
    expect(untied(report, grounds)).toEqual([]);
  });

  test('and in the mail', () => {
    expect(untiedInMail(mail, report, grounds)).toEqual([]);
  });

  test('its figures are the sums of their minutes, and its targets and changes those of the snapshot', () => {
    expect(miscounted(report, snapshot)).toEqual([]);
  });
});

/** What is found, of what is made false in one place of one sentence, in every place of many of them. */
function caught(falsified: (sentence: string) => readonly string[]): {
  of: number;
  share: number;
  missed: readonly string[];
} {
  // A third of them are enough to measure by.
  const some = told.filter((_, n) => n % 3 === 0);
  const all = some.flatMap(({ report, grounds }) =>
    saidIn(report)
      .filter(({ at }) => COUNTED.test(at))
      .flatMap((said) =>
        falsified(said.sentence).map((sentence): [Said, typeof grounds] => [{ ...said, sentence }, grounds]),
      ),
  );
  const missed = all
    .filter(([said, grounds]) => untiedIn(said, grounds).length === 0)
    .map(([{ sentence }]) => sentence);
  return { of: all.length, share: 1 - missed.length / all.length, missed };
}

function each(pattern: RegExp, other: (found: string) => string): (sentence: string) => readonly string[] {
  return (sentence) =>
    [...sentence.matchAll(pattern)].map(
      ({ 0: found, index }) => sentence.slice(0, index) + other(found) + sentence.slice(index + found.length),
    );
}

const plusOne = (number: string): string => {
  const more = String(Number(number.replaceAll(',', '')) + 1);
  return number.includes(',') ? more.replace(/\B(?=(\d{3})+$)/g, ',') : more;
};
const plusMinutes = (time: string): string => `${new Date(Date.parse(time) + 7 * 60_000).toISOString().slice(0, 19)}Z`;

describe('what is made false is found', () => {
  test.each<[string, (sentence: string) => readonly string[], number]>([
    [
      'an id that ends otherwise',
      each(/\b(?:i|sg|subnet|acl|rtb|eni)-[0-9a-f]{8,}/g, (id) => `${id.slice(0, -1)}${id.endsWith('0') ? 1 : 0}`),
      1,
    ],
    ['a time seven minutes later', each(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, plusMinutes), 0.7],
    [
      'one request more',
      each(
        /(?<![\w.,:-])\d[\d,]*(?= (?:requests?|connection errors?|connections|invocations)\b(?! a minute))/g,
        plusOne,
      ),
      0.9,
    ],
    ['another port', each(/(?<=port )\d+/g, plusOne), 0.95],
    ['another code', each(/(?<=(?:answered|gets|none) )5\d\d(?= |$)/g, plusOne), 0.75],
  ])('%s', (_what, falsified, atLeast) => {
    const { of, share, missed } = caught(falsified);
    expect(of).toBeGreaterThan(10);
    expect(share, missed.join('\n')).toBeGreaterThanOrEqual(atLeast);
  });
});

test.each<[string, (report: Report) => unknown]>([
  ['requests', (report) => ({ symptoms: { ...report.symptoms, requests: (report.symptoms.requests ?? 0) + 1 } })],
  ['errors', ({ episode }) => ({ episode: episode && { ...episode, errors: episode.errors + 1 } })],
  ['the share of errors', ({ episode }) => ({ episode: episode && { ...episode, errorShare: 0 } })],
  [
    'registered targets',
    (report) => ({ findings: report.findings.map((one) => ({ ...one, affected: { ...one.affected, of: 99 } })) }),
  ],
  ['a change', ({ changes }) => ({ changes: changes.map((one) => ({ ...one, who: `${one.who}2` })) })],
])('a figure that is made false is found: %s', (_what, made) => {
  const falsified = told
    .map(({ report, snapshot }) => ({ report, snapshot, other: { ...report, ...(made(report) as Partial<Report>) } }))
    .filter(({ report, other }) => JSON.stringify(report) !== JSON.stringify(other));
  const found = falsified.filter(({ other, snapshot }) => miscounted(other, snapshot).length > 0);
  expect(found.length / falsified.length).toBeGreaterThan(0.9);
});
