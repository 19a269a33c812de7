import { spawn } from 'node:child_process';

/** What a program showed on a terminal where somebody waits for one text and then types another. */
export function onTerminal(
  argv: readonly string[],
  steps: readonly (readonly [waitFor: string, type: string])[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly shown: string }> {
  const script = new URL('on-terminal.py', import.meta.url).pathname;
  const { PATH = '' } = process.env;
  const child = spawn('python3', [script, JSON.stringify(steps), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  const shown: string[] = [];
  child.stdout.on('data', (chunk) => shown.push(String(chunk)));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, shown: shown.join('') })));
}
