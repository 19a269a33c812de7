import { expect, test } from 'vitest';
import { evaluationOf } from '../../lambda/intake/evaluation.ts';

const at = '2026-03-10T14:26:08Z';
const POINT = { timestamp: '2026-03-10T14:24:00.000+0000', value: 9 };
const TOLD = '2 out of the last 3 datapoints [9.0 (10/03/26 14:24:00), 1.5E-4 (10/03/26 14:19:00)] were';

function seen(reason: string | undefined, reasonData: unknown, period = 60) {
  return evaluationOf({ value: 'ALARM', reason, reasonData, at }, period);
}

test.each<[string, string | undefined, unknown, unknown]>([
  ['nothing told', undefined, undefined, []],
  ['a state set by hand', 'test', undefined, []],
  ['reason data that is no JSON', 'test', '{oops', []],
  ['evaluated datapoints', TOLD, { evaluatedDatapoints: [POINT] }, [{ at: '2026-03-10T14:24:00Z', value: 9 }]],
  [
    'evaluated datapoints, newest first',
    '',
    { evaluatedDatapoints: [POINT, { ...POINT, timestamp: '2026-03-10T14:19:00.000+0000' }] },
    [
      { at: '2026-03-10T14:19:00Z', value: 9 },
      { at: '2026-03-10T14:24:00Z', value: 9 },
    ],
  ],
  ['a datapoint without a value', '', { evaluatedDatapoints: [{ timestamp: POINT.timestamp }] }, []],
  [
    'the sentence alone',
    TOLD,
    undefined,
    [
      { at: '2026-03-10T14:24:00Z', value: 9 },
      { at: '2026-03-10T14:19:00Z', value: 0.00015 },
    ],
  ],
  [
    'one recent datapoint',
    '',
    { startDate: POINT.timestamp, recentDatapoints: [7] },
    [{ at: '2026-03-10T14:24:00Z', value: 7 }],
  ],
  [
    'several recent datapoints, of which none can be dated',
    '',
    { startDate: POINT.timestamp, recentDatapoints: [7, 8] },
    [
      { at: null, value: 7 },
      { at: null, value: 8 },
    ],
  ],
  ['a threshold in brackets', 'was greater than the upper thresholds [1.9]', undefined, []],
])('reads the datapoints of %s', (_, reason, data, datapoints) => {
  expect(seen(reason, data).datapoints).toEqual(datapoints);
  expect(seen(reason, JSON.stringify(data)).datapoints).toEqual(datapoints);
});

test.each<[string, string, unknown, number, number]>([
  ['one period of the metric', 'test', undefined, 300, 300],
  ['the periods that the sentence counts', TOLD, undefined, 300, 900],
  ['the period that the data gives', TOLD, { period: 60 }, 300, 180],
  ['since the first datapoint', TOLD, { period: 60, startDate: '2026-03-10T13:26:08.000+0000' }, 300, 3600],
])('looks back %s', (_, reason, data, period, expected) => {
  expect(seen(reason, data, period).seconds).toBe(expected);
});

test.each<[string, unknown, string[]]>([
  ['those in ALARM', [child('a', 'ALARM'), child('b', 'OK')], ['a']],
  ['all where none is in ALARM', [child('a', 'OK'), child('b', 'OK')], ['a', 'b']],
  ['those of unknown state', [{ arn: 'a' }, { name: 'no ARN' }, 'text'], ['a']],
  ['none where the list is none', 'text', []],
])('of a composite alarm keeps %s', (_, triggeringAlarms, expected) => {
  expect(seen('', { triggeringAlarms }).triggeringAlarms).toEqual(expected);
});

function child(arn: string, value: string) {
  return { arn, state: { value } };
}
