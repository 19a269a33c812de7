import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SHELLS } from '../../lambda/entry/cli/completion/shells.ts';
import { onTerminal } from './terminal.ts';

/** In the shells themselves: `.ci/run` installs those that are missing. */
const PROGRAM = new URL('../../dist/cli/alb-triage.mjs', import.meta.url).pathname;

/** A folder with files to complete, and the scripts. */
const folder = mkdtempSync(join(tmpdir(), 'alb-triage-'));
writeFileSync(join(folder, 'incident of may.json'), '{}');
writeFileSync(join(folder, 'demanding.txt'), '');
symlinkSync(PROGRAM, join(folder, 'alb-triage'));
chmodSync(PROGRAM, 0o755);
for (const shell of SHELLS) writeFileSync(join(folder, `script.${shell}`), scriptOf(shell));

function scriptOf(shell: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'completion', shell], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const COMPLETED: readonly (readonly [typed: string, becomes: string])[] = [
  ['diagn', 'diagnose '],
  ['demo security-group-cl', 'demo security-group-closed'],
  ['explain nothing-l', 'explain nothing-listening'],
  ['completion f', 'completion fish'],
  ['web --regi', 'web --region '],
  ['web --as js', 'web --as json'],
  ['--as js', '--as json'],
  ['--as json expl', '--as json explain '],
  ['diagnose inc', 'diagnose incident\\ of\\ may.json'],
  ['diagnose --a', 'diagnose --as '],
  ['web --save inc', 'web --save incident\\ of\\ may.json'],
  ['policy --pub', 'policy --publish '],
  ['help opt', 'help options'],
  ['help diag', 'help diagnose'],
];

const NOT_COMPLETED: readonly string[] = ['explain zebra', 'web dema', 'web --at 20', 'policy --regi'];

writeFileSync(join(folder, 'rc.bash'), `source script.bash\n${atHome()}`);
writeFileSync(join(folder, '.zshrc'), `autoload -U compinit; compinit -D -u\nsource script.zsh\n${atHome()}`);

/** What is typed is shown, not run. */
function atHome(): string {
  return `alb-triage() { printf '<<%s>>\\n' "$*"; }\nPS1='READY '\n`;
}

/** Types lines into a real shell, Tab after each, then Enter: what they became. */
async function linesAfterTab(shell: 'bash' | 'zsh', lines: readonly string[]): Promise<readonly string[]> {
  const argv = shell === 'bash' ? ['bash', '--rcfile', 'rc.bash', '-i'] : ['zsh', '-i'];
  const steps = lines.flatMap((line) => [['READY', `alb-triage ${line}\t`] as const, ['', '\r'] as const]);
  const { shown } = await onTerminal(['env', '-C', folder, ...argv], [...steps, ['READY', 'exit\r']], {
    HOME: folder,
    ZDOTDIR: folder,
  });
  return [...shown.matchAll(/<<(.*?)>>/g)].map(([, line = '']) => line);
}

const unquoted = (line: string): string => line.replaceAll('\\', '').trim();

test.each(['bash', 'zsh'] as const)('in %s', async (shell) => {
  const lines = await linesAfterTab(shell, [...COMPLETED.map(([typed]) => typed), ...NOT_COMPLETED]);
  expect(lines).toEqual([...COMPLETED.map(([, becomes]) => unquoted(becomes)), ...NOT_COMPLETED]);
});

describe('in fish', () => {
  const offers = (typed: string): readonly string[] => {
    const { stdout, stderr, status } = spawnSync(
      'fish',
      ['--no-config', '-c', `source script.fish; complete -C ${JSON.stringify(`alb-triage ${typed}`)}`],
      { cwd: folder, encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder } },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  };

  test.each(COMPLETED.filter(([typed]) => !typed.startsWith('--as json')))('"%s" becomes "%s"', (typed, becomes) => {
    const [last] = /\S+$/.exec(typed) ?? [''];
    const word = unquoted(becomes.slice(typed.length - last.length));
    expect(offers(typed)).toContain(word);
  });

  test.each(NOT_COMPLETED)('"%s" stays', (typed) => expect(offers(typed).filter(Boolean)).toEqual([]));
});
