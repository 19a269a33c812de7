import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTIONS } from '../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../lambda/deliver/sns.ts';

/** Whoever approves a role asks of each action what it is for. */
test('the page of permissions gives the reason of each, and of no other', () => {
  const rows = readFileSync('docs/permissions.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const explained = rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, action]) => action),
  );
  expect(explained.toSorted()).toEqual([...ACTIONS, ...PUBLISH_ACTIONS].toSorted());
});
