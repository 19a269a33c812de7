import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomeOf } from '../entry/cli/a-shell.ts';
import { hostileText, MONOTONE, processorMs, runs } from './runs.ts';

const WORDS = [
  ...[
    'web',
    'tree',
    'diagnose',
    '-',
    'demo',
    'explain',
    'policy',
    'completion',
    'help',
    'bash',
    '--list',
    '--json',
    '-q',
    '-v',
  ],
  ...[
    '--region',
    '--profile',
    '--at',
    '--since',
    '--as',
    '--export',
    '--timeout',
    '--publish',
    '--with',
    '--redact',
    '--',
  ],
  ...[
    'us-east-1',
    'eu-west',
    '2026-03-10T14:30:00Z',
    '30m',
    'json',
    'html',
    '25',
    'arn:aws:sns:us-east-1:123456789012:t',
  ],
  ...['arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188', 'explian'],
];
// A file that is named is written.
const argument = fc.oneof(
  fc.constantFrom(...WORDS),
  hostileText.filter((text) => !text.includes('/')),
);

async function expectSaid(argv: readonly string[], stdin = ''): Promise<void> {
  const { status, stdout, stderr } = await outcomeOf(argv, {
    stdin,
    triage: undefined as never,
  });
  expect([0, 1, 2]).toContain(status);
  // Nothing here may ask AWS: that it would is as good as an answer.
  if (stderr.includes('this test did not expect AWS to be asked')) return;
  expect(stderr).not.toMatch(/a defect|undefined|NaN|\[object/);
  expect(stderr + stdout).not.toMatch(/[\p{Cs}\u202e\u2066]|(?![\n\t])\p{Cc}/u);
  if (status !== 0) expect(stderr).toMatch(/^alb-triage: [^\n]+\n$/);
  expect(stderr.length).toBeLessThan(4_000);
}

test('whatever is typed is done, or refused in a line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 5 }), (argv) => expectSaid(argv)),
    runs(150, 30_000),
  );
});

test('whatever is piped in is judged, or refused in a line', async () => {
  const piped = fc.oneof(
    hostileText,
    fc.json(),
    fc.json().map((json) => `{"schemaVersion":"1.0","tool":{"name":"alb-triage","version":"1"},"x":${json}}`),
  );
  await fc.assert(
    fc.asyncProperty(piped, (stdin) => expectSaid(['diagnose', '-'], stdin)),
    runs(100, 10_000),
  );
});

test('a quarter of a megabyte of the same is refused in a second', async () => {
  for (const text of MONOTONE) {
    for (const argv of [
      [text],
      ['--since', text],
      ['--at', text],
      ['--region', text],
      ['explain', text],
      ['--with', text],
    ]) {
      const began = processorMs();
      await expectSaid(argv);
      expect(processorMs() - began, `${argv[0]?.slice(0, 9)} ${text.slice(0, 9)}`).toBeLessThan(3_000);
    }
  }
});
