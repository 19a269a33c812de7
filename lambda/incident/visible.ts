import type { Argv } from './finding.ts';

/** Whether all of a command is seen as it is: somebody pastes it. What is hidden, or turns the order of what is not, may be anything. */
export function isVisible(argv: Argv): boolean {
  return !argv.some((word) => HIDDEN.test(word));
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
