import { expect, test } from 'vitest';
import { circumstancesOf } from '../../lambda/diagnose/circumstances.ts';
import { asString } from '../../lambda/render/json.ts';
import { aSnapshot, type Ill, partly, TG, target, unhealthy } from '../support/a-snapshot.ts';

const told = (ill: Ill) => circumstancesOf(aSnapshot(ill)).map(({ shows }) => asString(shows));

const failing = [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')];

test('a group none of whose targets is healthy fails open', () => {
  expect(told({ targetHealth: failing })).toEqual([
    'web fails open: none of 2 targets is healthy, so all of them get requests',
  ]);
});

test.each<[string, Ill]>([
  ['a healthy load balancer', {}],
  ['one healthy target among failing ones', { targetHealth: [...failing, target('i-3')] }],
  ['a group without targets', { targetHealth: [] }],
  [
    'a group whose health could not be read',
    { targetHealth: partly(failing, { why: 'throttled', detail: 'slow down', ids: [TG] }) },
  ],
])('nothing fails open: %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});
