import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTIONS, permissionsBeyond } from '../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../lambda/deliver/sns.ts';
import { renderJson } from '../lambda/render/json.ts';
import { diagnosisOf, recordedIncidents } from './support/incidents.ts';

/** Whoever approves a role asks of each action what it is for. */
test('the page of permissions gives the reason of each, and of no other', () => {
  const rows = readFileSync('docs/permissions.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const explained = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, action]) => action),
  );
  const logs = permissionsBeyond({ logs: { places: ['s3://web-logs', 'web'] } });
  const beyond = new Set(logs.flatMap(({ actions }) => actions));
  expect(explained.toSorted()).toEqual([...ACTIONS, ...beyond, ...PUBLISH_ACTIONS].toSorted());
});

/** Whoever wires a pager types these paths. */
test('the page of paging names fields that reports have', () => {
  const rows = readFileSync('docs/paging.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((row) =>
    [
      ...(row.split(' | ')[1] ?? '').matchAll(
        /`([a-z]+(?:\[0\])?(?:\.\w+)+|incidentId|kind|links|coverage|symptoms)`/gi,
      ),
    ].map(([, path]) => path ?? ''),
  );
  const snapshots = recordedIncidents().map(({ snapshot }) => snapshot);
  const named = snapshots.slice(0, 1).map((one) => ({
    ...one,
    question: { ...one.question, subject: { ...one.question.subject, accountName: 'prod' } },
  }));
  const reports = [...snapshots, ...named].map((snapshot) => renderJson(diagnosisOf(snapshot)));
  const missing = [...new Set(told)].filter((path) => !reports.some((report) => at(report, path) !== undefined));
  expect(told.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

function at(report: unknown, path: string): unknown {
  const names = path.replace('[0]', '.0').split('.');
  return names.reduce<unknown>(
    (value, name) => (value instanceof Object ? Reflect.get(value, name) : undefined),
    report,
  );
}
