import { expect, test } from 'vitest';
import { circumstancesOf } from '../../lambda/diagnose/circumstances/index.ts';
import { aSnapshot, target, unhealthy } from '../support/a-snapshot.ts';

const told = (ill = {}) => circumstancesOf(aSnapshot(ill)).map(({ from }) => from);

test('nothing is in effect on a healthy load balancer', () => {
  expect(told()).toEqual([]);
});

test('what is in effect at once is all told', () => {
  const one = unhealthy('i-1', 'Target.Timeout', { override: 'zonal_shift_active' });
  expect(told({ targetHealth: [one, unhealthy('i-2', 'Target.Timeout', { anomalous: true })] })).toHaveLength(3);
  expect(told({ targetHealth: [target('i-1', { anomalous: true }), target('i-2')] })).toEqual(['targetHealth']);
});
