import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import { bashScript } from './bash.ts';
import { type CommandShape, shapesOf } from './command-shape.ts';
import { fishScript } from './fish.ts';
import type { SHELLS } from './shells.ts';
import { zshScript } from './zsh.ts';

type ShellName = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<ShellName, (shapes: readonly CommandShape[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** What a shell reads to complete this command line. The same bytes for the same version. */
export function completionScript(name: ShellName, program: Command, shell: Shell): string {
  return SCRIPTS[name](shapesOf(program, shell));
}
