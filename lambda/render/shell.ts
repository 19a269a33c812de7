import type { Argv } from '../incident/finding.ts';

/** One line that a POSIX shell reads as exactly these arguments. */
export function shellQuote(argv: Argv): string {
  return shellWords(argv).join(' ');
}

/** The same, word by word. */
export function shellWords(argv: Argv): readonly string[] {
  return argv.map((argument, index) => quotedArgument(argument, index === 0));
}

const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

function quotedArgument(argument: string, isCommand: boolean): string {
  if (PLAIN.test(argument) && !(isCommand && argument.includes('='))) return argument;
  if (INVISIBLE.test(argument)) return `$'${[...argument].map(escaped).join('')}'`;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** What would break the line, or make it read as another command than it is: written as escapes, in `$'…'`. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  // No argument can hold one: a C string ends there.
  if (character === '\0') return '';
  if (character === '\n') return String.raw`\n`;
  if (character === '\t') return String.raw`\t`;
  if (!INVISIBLE.test(character)) return character;
  const bytes = new TextEncoder().encode(character);
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
