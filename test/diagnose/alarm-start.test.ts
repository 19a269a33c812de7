import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Trigger } from '../../lambda/incident/question.ts';
import { aSnapshot, denied, type Ill, NOW } from '../support/a-snapshot.ts';

const WENT_OFF = '2026-03-10T14:18:00Z';
const inAlarm: Trigger = { kind: 'alarm', at: WENT_OFF, alarmName: 'web-5xx', state: 'ALARM', previousState: 'OK' };
/** As SNS has it: without a word of when the state before began. */
const overBySns: Trigger = { kind: 'alarm', at: NOW, alarmName: 'web-5xx', state: 'OK', previousState: 'ALARM' };
const overByEvent: Trigger = { ...overBySns, previousStateAt: WENT_OFF };

const history = (...alarmedAt: string[]) => ({ from: '2026-03-03T14:30:00Z', alarmedAt });
const told = (trigger: Trigger, alarmHistory: Ill['alarmHistory'] = history()) =>
  diagnose(aSnapshot({ trigger, alarmHistory }), CAUSES);
const alarm = told(inAlarm);

test('an alarm and its OK are one incident by whatever way they come, and it lasted as long', () => {
  const bySns = told(overBySns, history('2026-03-09T02:00:00Z', WENT_OFF));
  const byEvent = told(overByEvent, history('2026-03-09T02:00:00Z', WENT_OFF));
  expect(bySns.incidentId).toBe(alarm.incidentId);
  expect(byEvent.incidentId).toBe(alarm.incidentId);
  expect(bySns.durationSeconds).toBe(byEvent.durationSeconds);
  expect(bySns.durationSeconds).toBe(720);
});

test('its own alarm is no earlier one', () => {
  expect(told(overBySns, history(WENT_OFF))).not.toHaveProperty('recurrence');
  expect(told(overBySns, history('2026-03-09T02:00:00Z', WENT_OFF)).recurrence?.count).toBe(1);
});

test('a history that says it a moment later says the same', () => {
  expect(told(overBySns, history('2026-03-10T14:18:01Z')).incidentId).toBe(alarm.incidentId);
});

test('an alarm that went off after it was OK is not the one that is over', () => {
  expect(told(overBySns, history(WENT_OFF, '2026-03-10T14:45:00Z')).incidentId).toBe(alarm.incidentId);
});

test.each([
  ['the history could not be read', overBySns, denied('cloudwatch:DescribeAlarmHistory')],
  ['it holds none', overBySns, history()],
  ['it was not in ALARM', { ...overBySns, previousState: 'INSUFFICIENT_DATA' }, history(WENT_OFF)],
])('how long it lasted is not told where %s', (_, trigger, alarmHistory) => {
  expect(told(trigger, alarmHistory)).not.toHaveProperty('durationSeconds');
});
