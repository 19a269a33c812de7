import { expect, test } from 'vitest';
import { failFewerThanOne, makeTheErrors } from '../../../lambda/semantics/load/part-of-group.ts';
import { target, unhealthy } from '../../support/a-snapshot.ts';

const well = ['i-1', 'i-2', 'i-3', 'i-4'].map((id) => target(id));
const oneFails = [unhealthy('i-1', 'Target.Timeout'), ...well.slice(1)];

test.each([
  ['a quarter of the requests fail', well, 0.25, true],
  ['half of a quarter', well, 0.125, true],
  ['less than that', well, 0.12, false],
  ['half as much again', well, 0.375, true],
  ['more than that', well, 0.38, false],
  ['nobody knows how many', well, null, false],
  ['it fails its checks, and hardly a request fails', oneFails, 0.01, true],
  ['it fails its checks, and more fail than it gets', oneFails, 0.38, false],
])('one of four makes the errors: %s', (_, group, share, expected) => {
  expect(makeTheErrors(group.slice(0, 1), group, share)).toBe(expected);
});

test('another one that fails makes some of them', () => {
  expect(makeTheErrors(oneFails.slice(1, 2), oneFails, 0.25)).toBe(false);
  expect(makeTheErrors([], well, 0)).toBe(false);
});

test.each([
  [0.124, true],
  [0.125, false],
  [null, false],
])('%s fail: fewer than half of what one of four gets', (share, expected) => {
  expect(failFewerThanOne(well, share)).toBe(expected);
});
