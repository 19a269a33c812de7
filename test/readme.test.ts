import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIONS } from '../lambda/collect/index.ts';
import { NOTICES } from '../lambda/entry/settings.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
const readme = read('README.md');

/** A mail up to its symptoms: what the README shows of it. */
const shown = (mail: string): string => mail.slice(0, mail.indexOf('\nSYMPTOMS\n'));

const mails = [...readme.matchAll(/<!-- mail: (\S+) -->\n```\n([\s\S]*?)```\n/g)].map(([, name = '', mail = '']) => ({
  name,
  mail,
}));

test('the README shows three mails', () => {
  expect(mails).toHaveLength(3);
});

test.each(mails)('the mail of $name is the one that is sent', ({ name, mail }) => {
  expect(mail).toBe(shown(read(`test/incidents/${name}/email.txt`)));
});

test('the README lists every action that is asked of AWS', () => {
  const [, list = ''] = /<!-- actions -->\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  expect([...list.matchAll(/`([a-z0-9-]+:[A-Za-z]+)`/g)].map(([, action]) => action)).toEqual(ACTIONS);
});

test('the README names every kind of message', () => {
  for (const notice of NOTICES) expect(readme).toMatch(new RegExp(`TRIAGE_NOTIFY.*\\b${notice}\\b`));
});

test.each(['build', 'demo', 'test', 'test:wire'])('the command that the README gives for %s exists', (script) => {
  expect(JSON.parse(read('package.json')).scripts).toHaveProperty(script);
  expect(readme).toContain(`npm ${script === 'test' ? '' : 'run '}${script}`);
});
