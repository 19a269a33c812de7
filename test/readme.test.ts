import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAUSES } from '../lambda/causes/index.ts';
import { ACTIONS } from '../lambda/collect/index.ts';
import { diagnose } from '../lambda/diagnose/diagnose.ts';
import { snapshotIn } from '../lambda/entry/cli/saved-snapshot.ts';
import { NOTICE_KINDS } from '../lambda/entry/function-settings.ts';
import { renderEmail } from '../lambda/render/email.ts';
import { withoutOtherCauses } from './support/golden.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8');
const readme = read('README.md');

/** The first screen of a mail, less what would change with every new cause. */
function shown(mail: string): string {
  const [first = ''] = withoutOtherCauses(mail).split(/\n\n(?=[A-Z][A-Z ]+\n)/);
  return `${first}\n`;
}

const MAIL = /(?<=<!-- mail: (\S+) -->\n```\n)[\s\S]*?(?=```\n)/g;

const LIST_OF_ACTIONS = /(?<=<!-- actions -->\n)[\s\S]*?(?=\n\n)/g;

function mailOf(incident: string): string {
  const file = `test/incidents/${incident}/snapshot.json`;
  return shown(renderEmail(diagnose(snapshotIn(read(file), file), CAUSES)));
}

test('the README begins with one of two mails, of twelve lines at most', () => {
  expect(readme.match(MAIL)?.map((mail) => mail.trimEnd().split('\n').length <= 12)).toEqual([true, true]);
  expect(readme.indexOf('<!-- mail:')).toBeLessThan(200);
});

/** The README is its own golden file: `npm run accept` writes the mails and the actions into it. */
test('the mails that the README shows are those that are sent, its actions those that are asked of AWS', async () => {
  const actions = ACTIONS.map((action) => `\`${action}\``).join(', ');
  const told = readme.replace(MAIL, (_, incident) => mailOf(incident)).replace(LIST_OF_ACTIONS, actions);
  await expect(told, '`npm run accept` writes it').toMatchFileSnapshot('../README.md');
});

test('the README lists the actions once', () => {
  expect(readme.match(LIST_OF_ACTIONS)).toHaveLength(1);
});

test('the README names every kind of message', () => {
  for (const notice of NOTICE_KINDS) expect(readme).toMatch(new RegExp(`TRIAGE_NOTIFY.*\\b${notice}\\b`));
});

test.each(['build', 'demo', 'test', 'test:wire'])('the command that the README gives for %s exists', (script) => {
  expect(JSON.parse(read('package.json')).scripts).toHaveProperty(script);
  expect(readme).toContain(`npm ${script === 'test' ? '' : 'run '}${script}`);
});
