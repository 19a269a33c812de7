import { describe, expect, test } from 'vitest';
import { outcomeOf, type Surroundings } from './a-shell.ts';

const LINK = '\u001b]8;;https://';
const DEMO = ['demo', 'security-group-closed'];
const incidents = new URL('../../incidents/', import.meta.url);

async function printed(argv: readonly string[], surroundings: Surroundings): Promise<string> {
  const { status, stdout } = await outcomeOf(argv, { incidents, ...surroundings });
  expect(status).toBe(0);
  expect(stdout.length).toBeGreaterThan(200);
  return stdout;
}

describe.each([
  [[...DEMO, '--as', 'text'], 'in the short form'],
  [[...DEMO, '-v'], 'in full'],
  [['explain', 'host-firewall'], 'on the page of a cause'],
])('%j, %s', (argv) => {
  test('leads to the console and to the documentation where the terminal makes links', async () => {
    expect(await printed(argv, { terminal: true, hyperlinks: true })).toContain(LINK);
  });

  test.each<[string, Surroundings]>([
    ['of a terminal that makes none', { terminal: true, hyperlinks: false }],
    ['with NO_COLOR', { terminal: true, hyperlinks: true, env: { NO_COLOR: '1' } }],
    ['with NO_COLOR and FORCE_HYPERLINK', { hyperlinks: true, env: { NO_COLOR: '1', FORCE_HYPERLINK: '1' } }],
    ['of TERM=dumb', { terminal: true, hyperlinks: true, env: { TERM: 'dumb' } }],
    ['in a pipe', { hyperlinks: true }],
  ])('is plain %s', async (_, surroundings) => {
    expect(await printed(argv, surroundings)).not.toContain('\u001b]');
  });
});

test('in a pipe there are links only for who asks for them', async () => {
  const stdout = await printed([...DEMO, '--as', 'text'], { hyperlinks: true, env: { FORCE_HYPERLINK: '1' } });
  expect(stdout).toContain(LINK);
});

test.each(['email', 'markdown', 'json', 'html', 'chat'])('no other form has one: %s', async (form) => {
  const stdout = await printed([...DEMO, '--as', form], { terminal: true, hyperlinks: true });
  expect(stdout).not.toContain('\u001b]');
});
