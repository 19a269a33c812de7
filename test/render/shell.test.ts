import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellQuote } from '../../lambda/render/shell.ts';

test.each([
  [
    'plain words need no quotes',
    ['aws', 'ec2', 'start-instances', '--instance-ids', 'i-0a'],
    'aws ec2 start-instances --instance-ids i-0a',
  ],
  ['a key=value is plain', ['--attributes', 'Key=a.b_c,Value=120'], '--attributes Key=a.b_c,Value=120'],
  ['a command that looks like an assignment is quoted', ['A=b'], "'A=b'"],
  ['an argument that begins with = is quoted, zsh would look it up', ['x', '=ls'], "x '=ls'"],
  ['spaces', ['x', 'a b'], "x 'a b'"],
  ['nothing at all is an argument too', ['x', ''], "x ''"],
  ['a single quote', ['x', "it's"], `x 'it'\\''s'`],
  ['dollars and backticks stay as they are', ['x', '$(id)`id`'], "x '$(id)`id`'"],
  ['a glob', ['x', '*'], "x '*'"],
  ['a tilde', ['x', '~/a'], "x '~/a'"],
  ['a line break does not break the line', ['x', 'a\nb'], "x $'a\\nb'"],
  ['a terminal escape is spelt out', ['x', '\u001b[31m'], "x $'\\033[31m'"],
  ['a right-to-left override is spelt out', ['x', 'a\u202eb'], "x $'a\\342\\200\\256b'"],
  ['letters of any language are fine', ['x', 'Zürich'], "x 'Zürich'"],
])('%s', (_, argv, line) => expect(shellQuote(argv)).toBe(line));

test('a shell reads back exactly what was quoted', () => {
  const argument = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~= \n\t\r\u001b\u202eaé') }),
  );
  const argvs = fc
    .sample(fc.array(argument, { minLength: 1 }), { numRuns: 300, seed: 1 })
    .map((argv) => argv.map((one) => one.replaceAll('\0', '')));
  const lines = argvs.map((argv) => shellQuote(['printf', '%s\\0', ...argv]));
  const read = execFileSync('bash', ['--norc'], { input: lines.join('\n') }).toString('utf8');
  expect(lines.filter((line) => /[\n\r]/.test(line))).toEqual([]);
  expect(read.split('\0').slice(0, -1)).toEqual(argvs.flat());
});
