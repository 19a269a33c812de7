import { beginningOf } from '../../incident/short-text.ts';
import { isKillLine, killLineWithoutArguments } from './console-oom-lines.ts';
import { isFirstStartLine } from './first-start-lines.ts';
import { isRestartLine } from './instance-reboots.ts';

const LEFT_OUT = '…';
/** What a cause reads stands at the beginning. */
const LINE_AT_MOST = 2_000;
const STAMP = /\[\s*\d+\.\d+\]/;

/**
 * A console holds what anybody wrote there, users and passwords among it: only lines that a cause reads stay, without
 * secrets, and of each other one when it was written.
 */
export function consoleLinesRead(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => beginningOf(line, LINE_AT_MOST))
    .map((line) => (isRead(line) ? withoutSecrets(line) : leftOut(line)))
    .filter((line, index, all) => line !== LEFT_OUT || all[index - 1] !== LEFT_OUT);
}

function isRead(line: string): boolean {
  return isKillLine(line) || isRestartLine(line) || isFirstStartLine(line);
}

function leftOut(line: string): string {
  const [stamp] = STAMP.exec(line) ?? [];
  return stamp === undefined ? LEFT_OUT : `${stamp} ${LEFT_OUT}`;
}

const SECRET = String.raw`[\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api_?-?key|access_?-?key|private_?-?key|credentials?)[\w.-]*`;
const SECRETS: readonly RegExp[] = [
  new RegExp(String.raw`(\b${SECRET}["']?\s*[=:]\s*)(?!\(a value\))(?:"[^"]*"|'[^']*'|[^\s&;,]+)`, 'gi'),
  new RegExp(String.raw`(--${SECRET}\s+)(?!\(a value\))\S+`, 'gi'),
  /(\b(?:Bearer|Basic)\s+)(?!\(a value\))[\w.~+/=-]{8,}/gi,
  // Of an address: `https://user:password@host`.
  /(:\/\/)(?!\(a value\))[^\s/@]+(?=@)/g,
];

function withoutSecrets(line: string): string {
  return SECRETS.reduce((said, secret) => said.replace(secret, '$1(a value)'), killLineWithoutArguments(line));
}
