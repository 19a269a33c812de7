import { expect, test } from 'vitest';
import { named } from '../../lambda/incident/names.ts';
import { code, resource, type Text, text, verbatim } from '../../lambda/incident/text.ts';
import { plain } from '../support/judged.ts';

const names = { 'sg-1': 'app', 'i-1': 'web-1' };
const [sg, app] = [resource('sg-1'), resource('app')];

test.each<[Text, string]>([
  [text`${sg} is closed`, 'app (sg-1) is closed'],
  [text`${sg} (${app}) is closed`, 'app (sg-1) is closed'],
  [text`${app} (${sg}) is closed`, 'app (sg-1) is closed'],
  [text`${sg} is closed; ${sg} was open`, 'app (sg-1) is closed; app was open'],
  [text`${app} (${sg}) is closed; ${sg} (${app}) was open`, 'app (sg-1) is closed; app was open'],
  [text`${sg} (${resource('i-1')}) is closed`, 'app (sg-1) (web-1 (i-1)) is closed'],
  [text`${verbatim('revoked tcp 8080 from sg-1')}`, 'revoked tcp 8080 from app (sg-1)'],
  [text`${code('sg-1')} and ${resource('sg-2')}`, '`sg-1` and sg-2'],
  [text`${app} (${resource('other')}) is closed`, 'app (other) is closed'],
])('%j', (said, expected) => {
  const once = named(said, names);
  expect(plain(once)).toBe(expected);
  expect(plain(named(once, names))).toBe(expected);
});

test('what was told before is told by its name alone', () => {
  const told = new Set<string>();
  expect(plain(named(text`${sg} is closed`, names, told))).toBe('app (sg-1) is closed');
  expect(plain(named(text`${app} (${sg}) is closed`, names, told))).toBe('app is closed');
});
