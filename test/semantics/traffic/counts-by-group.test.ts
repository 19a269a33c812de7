import { expect, test } from 'vitest';
import { countOfAll, groupCountOf, groupsWith } from '../../../lambda/semantics/traffic/counts-by-group.ts';
import { groupArn, groupMetrics, lately, metrics, newest } from '../../support/a-snapshot.ts';

const [web, api] = [groupArn('web'), groupArn('api')];
const errors = { TargetConnectionErrorCount: newest(2, 3) };
const span = { first: 170, last: 179 };
const known = (ofAll: object, ofGroups: Parameters<typeof groupMetrics>[0], routed = [api, web]) => ({
  metrics: metrics(ofAll),
  groupMetrics: groupMetrics(ofGroups),
  routed,
});

test.each<[string, ReturnType<typeof known>, number | null]>([
  ['its own', known({}, { [web]: errors }), 5],
  [
    'none, where it reports its requests and no such error',
    known(errors, { [web]: { RequestCount: lately(9, 1) } }),
    0,
  ],
  ['the load balancer’s, where it alone gets requests', known(errors, {}, [web]), 5],
  ['not known, where another gets requests, too', known(errors, {}), null],
])('the count of one group: %s', (_, counts, expected) => {
  expect(groupCountOf('TargetConnectionErrorCount', web, span, counts)).toBe(expected);
});

test('the count of all is the load balancer’s, or the sum of the groups’ where it has none', () => {
  const byGroup = { [web]: errors, [api]: { TargetConnectionErrorCount: newest(4) } };
  expect(countOfAll('TargetConnectionErrorCount', known(errors, byGroup)).slice(-3)).toEqual([0, 2, 3]);
  expect(countOfAll('TargetConnectionErrorCount', known({}, byGroup)).slice(-3)).toEqual([0, 2, 7]);
  expect(countOfAll('TargetConnectionErrorCount', known({}, {})).slice(-3)).toEqual([0, 0, 0]);
});

test('names the groups that have any of it in the span', () => {
  const byGroup = { [web]: errors, [api]: { TargetConnectionErrorCount: newest(4, ...Array(20).fill(0)) } };
  expect(groupsWith('TargetConnectionErrorCount', span, known({}, byGroup))).toEqual([web]);
});
