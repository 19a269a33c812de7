import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from './a-shell.ts';

const incidents = pathToFileURL(`${process.cwd()}/test/incidents/`);
const FIRST_SCREEN = (await outcomeOf(['--help'])).stdout;
const COMMANDS = [...FIRST_SCREEN.matchAll(/^ {2}([a-z]+)(?: [<[].*?[>\]])? {2,}\S/gm)].map(([, name = '']) => name);
const SCREENS = [['--help'], ['help'], ['help', 'options'], ...COMMANDS.map((name) => [name, '--help'])];

/** The command lines that a screen gives as examples. */
function examplesIn(screen: string): readonly string[] {
  const [, examples = ''] = screen.split('Examples:\n');
  return examples
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/)[0] ?? '');
}

describe.each(SCREENS)('%s %s', (...line) => {
  const argv = line.filter((word) => word !== undefined);

  test('is one screen, with three examples', async () => {
    const { status, stdout, stderr } = await outcomeOf(argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines.filter((one) => one.length > 110)).toEqual([]);
    expect(stdout).toMatch(/^Usage: alb-triage /);
    expect(examplesIn(stdout)).toHaveLength(3);
  });
});

test('the first screen has the options that are used most', () => {
  for (const flag of ['-v', '-q', '--json', '--export', '--exit-code']) expect(FIRST_SCREEN).toContain(`${flag}`);
});

test('the time of an example is within the outage that the README shows, which began at 14:25', () => {
  expect(FIRST_SCREEN).toContain('--at 2026-03-10T14:30:00Z');
  expect(FIRST_SCREEN).toMatch(/--at <time> +end of the window/);
});

test('the commands are those that there are', () => {
  expect(COMMANDS).toEqual(expect.arrayContaining(['diagnose', 'demo', 'explain', 'policy', 'completion']));
});

test('no example is wrong usage', async () => {
  for (const screen of SCREENS) {
    for (const example of examplesIn((await outcomeOf(screen)).stdout)) {
      const [line = ''] = example.replace(/^source <\((.*)\)$/, '$1').split(/ [|<>] ?/);
      const argv = line.split(' ').slice(1);
      const { status, stderr } = await outcomeOf(argv, { incidents });
      const asks = /did not expect AWS to be asked|incident\.json|not JSON/.test(stderr);
      expect({ line, fine: status === 0 || (status === 1 && asks) }, stderr).toEqual({ line, fine: true });
    }
  }
});

test('what is not there yet is in no help', async () => {
  for (const screen of SCREENS) {
    expect((await outcomeOf(screen)).stdout).not.toMatch(/\b(audit|mcp|--with)\b|^ {2}host/m);
  }
});

describe('without a load balancer', () => {
  const choice = {
    arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188',
    name: 'web',
    region: 'us-east-1',
    state: 'active',
    errors: 7,
  };
  const found = { choices: [choice], read: ['us-east-1'] };

  test('the one that is picked is triaged', async () => {
    const outcome = await outcomeOf([], { found, pick: async ([first]) => first });
    expect(outcome.asked).toMatchObject([{ request: { about: { by: 'arn', arn: choice.arn } } }]);
  });

  test('picking none is what Ctrl-C is', async () => {
    expect(await outcomeOf([], { found, pick: async () => undefined })).toMatchObject({
      status: 130,
      stdout: '',
      stderr: '',
    });
  });

  test.each([
    [{ read: ['us-east-1', 'eu-west-1'] }, /no Application Load Balancer in us-east-1 or eu-west-1: check the Region/],
    [
      { unread: [{ region: 'us-east-1', why: 'AWS denied x:Y', reason: 'denied' as const }] },
      /^alb-triage: AWS denied x:Y\n$/,
    ],
  ])('none to pick from says why: %j', async (answer, says) => {
    const { status, stderr } = await outcomeOf([], { found: answer, pick: async ([first]) => first });
    expect(status).toBe(1);
    expect(stderr).toMatch(says);
  });

  test('with options and no terminal is wrong usage', async () => {
    const { status, stderr } = await outcomeOf(['--region', 'us-east-1']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'alb-triage: missing argument <load-balancer>: its name, ARN or DNS name. Usage: alb-triage <load-balancer> [options]; alb-triage --help says more\n',
    });
    expect(await outcomeOf([])).toMatchObject({ status, stdout: '', stderr });
  });

  test('credentials that have to be renewed are told by their profile', async () => {
    const credentials = "no AWS credentials were found for the profile 'sso': run `aws sso login --profile sso`";
    const unread = [{ region: 'us-east-1', why: 'no AWS credentials were found', reason: 'no-credentials' as const }];
    const { status, stderr } = await outcomeOf([], { found: { unread }, credentials, pick: async ([first]) => first });
    expect({ status, stderr }).toEqual({ status: 1, stderr: `alb-triage: ${credentials}\n` });
  });
});
