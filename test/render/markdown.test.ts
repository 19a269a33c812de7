import { describe, expect, test } from 'vitest';
import { code, type Text, text, words } from '../../lambda/incident/text.ts';
import { inMarkdown, renderMarkdown } from '../../lambda/render/markdown.ts';
import { ALL, identified, suspected } from './diagnoses.ts';

test('the ticket reads well', async () => {
  await expect(renderMarkdown(identified)).toMatchFileSnapshot('tickets/identified.md');
});

describe.each(ALL)('the ticket: %s', (_, diagnosis) => {
  const ticket = renderMarkdown(diagnosis);

  test('prints no value that is not one', () => expect(ticket).not.toMatch(/undefined|null|NaN|\[object/));

  test('has each command in a block of its own', () => {
    const lines = ticket.split('\n');
    const commands = lines.flatMap((line, index) => (/^(aws|alb-triage) (?!\d)/.test(line) ? [index] : []));
    expect(commands.filter((index) => !/^`{3,}sh$/.test(lines[index - 1] ?? ''))).toEqual([]);
  });
});

test.each<[string, Text, string]>([
  ['stars and underscores are no mark-up', words('*a* _b_'), '\\*a\\* \\_b\\_'],
  ['a tag is no tag', words('<script>'), '\\<script\\>'],
  ['what looks like a list is none', words('- a'), '\\- a'],
  ['what looks like a number in a list is none', words('1. a'), '1\\. a'],
  ['a heading is none', words('# a'), '\\# a'],
  ['code is code', text`port ${code(8080)}`, 'port `8080`'],
  ['code with backticks in it', text`${code('a`b')}`, '``a`b``'],
  ['code that begins with a backtick', text`${code('`a')}`, '`` `a ``'],
  ['a web address is one', words('see https://a.test/b_c.'), 'see <https://a.test/b_c>.'],
])('%s', (_, says, markdown) => expect(inMarkdown(says, { today: '' })).toBe(markdown));

test('a suspicion is called one', () => expect(renderMarkdown(suspected)).toMatch(/\*\*Suspected: targets of/i));
