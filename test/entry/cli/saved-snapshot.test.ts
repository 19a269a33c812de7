import { expect, test } from 'vitest';
import { snapshotIn, snapshotText } from '../../../lambda/entry/cli/saved-snapshot.ts';
import { snapshotDiagnosis } from '../../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { LoadBalancerMetrics } from '../../../lambda/incident/evidence.ts';
import { aSnapshot, lately, metrics, TG } from '../../support/a-snapshot.ts';
import { outcomeOf } from './a-shell.ts';

const snapshot = aSnapshot();
const { evidence, collectedAt: _, ...uncollected } = snapshot;
const { tags: __, ...older } = evidence;

const asking = (part: object) => ({ ...snapshot, question: { ...snapshot.question, ...part } });

/** With other metrics of the load balancer. */
function measuring(of: (value: LoadBalancerMetrics) => unknown) {
  const observed = evidence.loadBalancerMetrics;
  const value = observed.seen ? of(observed.value) : null;
  return { ...snapshot, evidence: { ...evidence, loadBalancerMetrics: { ...observed, value } } };
}

test.each<[what: string, saved: unknown, says: string]>([
  ['a format of the future', { ...snapshot, schemaVersion: '2.0' }, 'format 2.0, and this one reads format 1.0'],
  ['JSON of something else', { Reservations: [] }, 'is not a snapshot of alb-triage'],
  [
    'a report, not a snapshot',
    { schemaVersion: '1.0', tool: snapshot.tool, verdict: {} },
    'is a report of alb-triage, and not a snapshot: this takes what --save wrote',
  ],
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
  ['no window asked about', asking({ asked: null }), 'question.asked'],
  ['a window asked about that is empty', asking({ asked: {} }), 'question.asked.from'],
  [
    'a window that ends before it begins',
    asking({ window: { from: '2026-03-10T14:30:00Z', to: '2026-03-10T14:00:00Z' } }),
    'question.window: expected that it begins before it ends',
  ],
  ['metrics of nothing', measuring(() => null), 'evidence.loadBalancerMetrics.value: expected an object'],
  ['metrics without a grid', measuring(({ grid: _grid, ...rest }) => rest), 'loadBalancerMetrics.value.grid'],
  [
    'more minutes than there are',
    measuring((value) => ({ ...value, grid: { ...value.grid, minutes: 1e9 } })),
    'loadBalancerMetrics.value.grid.minutes: expected a whole number from 1 to 100000',
  ],
  ['metrics without values', measuring(({ values: _values, ...rest }) => rest), 'loadBalancerMetrics.value.values'],
  [
    'a metric that is null',
    measuring((value) => ({ ...value, values: { RequestCount: null } })),
    'value.values.RequestCount: expected a list of numbers',
  ],
  [
    'a count in words',
    measuring((value) => ({ ...value, values: { RequestCount: [1, 'a'] } })),
    'value.values.RequestCount.1: expected null or a number',
  ],
  [
    'a count below zero',
    measuring((value) => ({ ...value, values: { RequestCount: [-1] } })),
    'value.values.RequestCount.0: expected null or a number',
  ],
  ['a survey that is null', measuring((value) => ({ ...value, survey: null })), 'value.survey'],
  ['a survey of nothing', measuring((value) => ({ ...value, survey: {} })), 'value.survey.from'],
  [
    'a survey of slots without length',
    measuring((value) => ({
      ...value,
      survey: { from: '2026-03-09T14:30:00Z', seconds: 0, slots: 9, values: {} },
    })),
    'value.survey.seconds: expected a whole number',
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

test.each<[as: string, bytes: (text: string) => Buffer]>([
  ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf8')],
  ['UTF-16, as PowerShell writes it', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16, the larger byte first', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
])('reads %s', async (_, bytes) => {
  const stdin = bytes(JSON.stringify(snapshot));
  expect(await outcomeOf(['diagnose', '-'], { stdin })).toMatchObject({ status: 0, stderr: '' });
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

test('changes are told in the words of today, whichever version saved them', () => {
  const change = {
    ...{ at: '2026-03-10T14:16:30Z', who: 'role/cdk', by: 'role', tool: null, event: 'ModifyTargetGroup' },
    ...{
      source: 'elasticloadbalancing.amazonaws.com',
      resources: ['web'],
      what: 'set nothing that the record tells on web',
    },
    details: { is: 'settings', of: 'web', set: {} },
  };
  const { details: _details, ...without } = change;
  const changes = { seen: true, value: [change, without], gaps: [], source: [] };
  const saved = JSON.stringify({ ...snapshot, evidence: { ...evidence, changes } });
  const read = snapshotIn(saved, 'a file').evidence.changes;
  expect(read.seen && read.value.map(({ what }) => what).sort()).toEqual([
    'changed web (CloudTrail does not say what)',
    'set nothing that the record tells on web',
  ]);
});

test('a change of which an older version knew no details is judged as one that tells none', () => {
  const change = {
    ...{ at: '2026-03-10T14:16:30Z', who: 'role/cdk', by: 'role', tool: null, event: 'DeregisterTargets' },
    ...{ source: 'elasticloadbalancing.amazonaws.com', resources: [TG], what: 'deregistered i-1 from web' },
  };
  const changes = { seen: true, value: [change], gaps: [], source: [] };
  const ill = aSnapshot({ loadBalancerMetrics: metrics({ HTTPCode_ELB_5XX_Count: lately(9, 40) }) });
  const read = snapshotIn(JSON.stringify({ ...ill, evidence: { ...ill.evidence, changes } }), 'a file');
  expect(snapshotDiagnosis(read).broken).toEqual([]);
  expect(read.evidence.changes).toMatchObject({ value: [{ ...change, details: { is: 'other' } }] });
});
