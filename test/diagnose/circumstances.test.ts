import { expect, test } from 'vitest';
import { circumstancesOf } from '../../lambda/diagnose/circumstances/index.ts';
import { always, aSnapshot, metrics, target, unhealthy } from '../support/a-snapshot.ts';
import { plain } from '../support/judged.ts';

const told = (ill = {}) => circumstancesOf(aSnapshot(ill), null).map(({ from }) => from);

test('nothing is in effect on a healthy load balancer', () => {
  expect(told()).toEqual([]);
});

test('what is in effect at once is all told', () => {
  const one = unhealthy('i-1', 'Target.Timeout', { override: 'zonal_shift_active' });
  expect(told({ targetHealth: [one, unhealthy('i-2', 'Target.Timeout', { anomalous: true })] })).toHaveLength(3);
  expect(told({ targetHealth: [target('i-1', { anomalous: true }), target('i-2')] })).toEqual(['targetHealth']);
});

test.each<[string, RegExp]>([
  ['2026-03-10T14:40:00Z', /^web fails open: neither of its 2 targets is healthy/],
  ['2026-03-10T14:40:01Z', /^as AWS was read at 14:40, web fails open: neither of its 2 targets is healthy/],
])('state that was read at %s says so, where that is long after the moment asked about', (readAt, says) => {
  const failing = [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')];
  expect(circumstancesOf(aSnapshot({ targetHealth: failing, readAt }), null).map(({ shows }) => plain(shows))).toEqual([
    expect.stringMatching(says),
  ]);
});

test('metrics are of then, whenever they were read', () => {
  const loadBalancerMetrics = metrics({ RequestCount: always(100), HTTPCode_ELB_4XX_Count: always(30) });
  const [said] = circumstancesOf(aSnapshot({ loadBalancerMetrics, readAt: '2026-03-10T15:30:00Z' }), null);
  expect(plain(said?.shows ?? [])).toMatch(/^the load balancer itself answered 30 %/);
});
