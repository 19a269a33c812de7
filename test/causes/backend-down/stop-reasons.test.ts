import { expect, test } from 'vitest';
import { whatStopped } from '../../../lambda/causes/backend-down/instance-not-running/stop-reasons.ts';
import { isReclaimed } from '../../../lambda/semantics/targets/instance-states.ts';
import { instance } from '../../support/a-snapshot.ts';

const ended = (code: string, message = code, state = 'terminated') =>
  instance('i-1', { state, stateReason: { code, message } });

test.each([
  ['Client.UserInitiatedShutdown', 'stopped', 'stopped by an API call (Client.UserInitiatedShutdown)'],
  ['Client.UserInitiatedShutdown', 'terminated', 'terminated by an API call (Client.UserInitiatedShutdown)'],
  ['Client.UserInitiatedShutdown', 'shutting-down', 'terminated by an API call (Client.UserInitiatedShutdown)'],
  ['Server.SpotInstanceTermination', 'terminated', 'AWS took its Spot capacity back (Server.SpotInstanceTermination)'],
  ['Server.InternalError', 'terminated', 'an error inside AWS ended it (Server.InternalError)'],
])('%s of one that is %s', (code, state, expected) => {
  expect(whatStopped(ended(code, code, state))).toBe(expected);
});

test.each([
  ['Server.Unheard: The rack is on fire', 'The rack is on fire (Server.Unheard)'],
  ['The rack is on fire', 'The rack is on fire (Server.Unheard)'],
  ['Server.Unheard', 'Server.Unheard'],
  ['', 'Server.Unheard'],
])('a code that nobody knows, with the message "%s"', (message, expected) => {
  expect(whatStopped(ended('Server.Unheard', message))).toBe(expected);
});

test('no reason at all', () => {
  expect(whatStopped(instance('i-1', { state: 'stopped' }))).toBe('AWS gives no reason');
  expect(isReclaimed(instance('i-1', { state: 'stopped' }))).toBe(false);
});

test.each([
  ['Server.SpotInstanceTermination', true],
  ['Server.SpotInstanceShutdown', true],
  ['Client.UserInitiatedShutdown', false],
])('%s is capacity taken back: %s', (code, expected) => {
  expect(isReclaimed(ended(code))).toBe(expected);
});
