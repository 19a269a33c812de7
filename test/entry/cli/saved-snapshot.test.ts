import { expect, test } from 'vitest';
import { snapshotText } from '../../../lambda/entry/cli/saved-snapshot.ts';
import { aSnapshot, lately, metrics } from '../../support/a-snapshot.ts';
import { outcomeOf } from './a-shell.ts';

const snapshot = aSnapshot();
const { evidence, collectedAt: _, ...uncollected } = snapshot;
const { tags: __, ...older } = evidence;

test.each<[what: string, saved: unknown, says: string]>([
  ['a format of the future', { ...snapshot, schemaVersion: '2.0' }, 'format 2.0, and this one reads format 1.0'],
  ['JSON of something else', { Reservations: [] }, 'is not a snapshot of alb-triage'],
  ['a report, not a snapshot', { schemaVersion: '1.0', tool: snapshot.tool, verdict: {} }, 'question'],
  ['a list', [], 'is not a snapshot'],
  ['null', null, 'is not a snapshot'],
  ['no time of reading', uncollected, 'collectedAt'],
  ['a time that is none', { ...snapshot, collectedAt: 'noon' }, 'collectedAt'],
  ['evidence that is a list', { ...snapshot, evidence: [] }, 'evidence'],
  [
    'evidence that does not say whether it was seen',
    { ...snapshot, evidence: { ...evidence, tags: {} } },
    'evidence.tags',
  ],
])('refuses %s, and says why', async (_, saved, says) => {
  const outcome = await outcomeOf(['diagnose', '-'], { stdin: JSON.stringify(saved) });
  expect(outcome).toMatchObject({ status: 1, stdout: '' });
  expect(outcome.stderr).toMatch(/^alb-triage: standard input [^\n]+\n$/);
  expect(outcome.stderr).toContain(says);
});

test('refuses what is not JSON', async () => {
  const { status, stderr } = await outcomeOf(['diagnose', '-'], { stdin: '{' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'alb-triage: standard input is not JSON: expected a snapshot that --save wrote\n',
  });
});

test('what an older snapshot did not ask for is unseen, not absent', async () => {
  const stdin = JSON.stringify({ ...snapshot, evidence: older });
  expect(await outcomeOf(['diagnose', '-'], { stdin })).toMatchObject({ status: 0, stderr: '' });
});

test('ignores fields it does not know', async () => {
  const stdin = JSON.stringify({ ...snapshot, later: 1, evidence: { ...evidence, later: evidence.tags } });
  expect(await outcomeOf(['diagnose', '-'], { stdin })).toMatchObject({ status: 0, stderr: '' });
});

test('what is saved is the snapshot, with the minutes of a metric in one line', () => {
  const ill = aSnapshot({ loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(3, 40) }) });
  const saved = snapshotText(ill);
  expect(JSON.parse(saved)).toEqual(ill);
  expect(saved).toMatch(/"HTTPCode_ELB_502_Count": \[[^\n]+, 40, 40, 40\]/);
  expect(saved).toMatch(/^\{\n {2}"schemaVersion"/);
});
