import type { Command, Help } from 'commander';
import { likelyRegions } from '../../../collect/locate/likely-regions.ts';
import { CATALOGUE } from '../../../incident/cause.ts';
import { incidentNames } from '../demo.ts';
import { FORMS } from '../forms.ts';
import type { Shell } from '../shell.ts';
import { SHELLS } from './shells.ts';

/** What may stand in a place: one of some words, a file, or what nobody can know. */
export type Completable = readonly string[] | 'files' | null;

interface OptionShape {
  readonly flags: readonly string[];
  readonly says: string;
  /** `undefined` where it takes no value. */
  readonly values: Completable | undefined;
}

/** A command as far as it is completed. The program itself is the one without a name. */
export interface CommandShape {
  readonly name: string;
  readonly says: string;
  readonly operand: Completable;
  readonly options: readonly OptionShape[];
}

/** The program first, then its commands. Whatever option or command is added is completed, too. */
export function shapesOf(program: Command, shell: Shell): readonly CommandShape[] {
  const helper = program.createHelp();
  const commands = helper.visibleCommands(program);
  const values = { ...valuesByPlaceholder(shell), command: [...commands.map((one) => one.name()), 'options'] };
  // It is told of in the first line of the options, and not among the commands.
  const help = program.commands.filter((one) => one.name() === 'help');
  return [program, ...commands, ...help].map((command) => shapeOf(command, helper, values));
}

/** By what stands in angle brackets. */
function valuesByPlaceholder(shell: Shell): Readonly<Record<string, Completable>> {
  return {
    form: FORMS,
    region: likelyRegions(),
    incident: incidentNames(shell),
    cause: Object.values(CATALOGUE).flat(),
    shell: SHELLS,
    file: 'files',
    'snapshot.json': 'files',
  };
}

function shapeOf(command: Command, helper: Help, values: Readonly<Record<string, Completable>>): CommandShape {
  const [operand] = command.registeredArguments;
  return {
    name: command.parent === null ? '' : command.name(),
    says: command.description(),
    operand: values[operand?.name() ?? ''] ?? null,
    options: helper.visibleOptions(command).map(({ flags, short, long, description, argChoices }) => {
      const placeholder = /[<[]([^>\]]+?)(?:[.]{3})?[>\]]/.exec(flags)?.[1];
      return {
        flags: [short, long].filter((flag) => flag !== undefined),
        says: description,
        values: placeholder === undefined ? undefined : (argChoices ?? values[placeholder] ?? null),
      };
    }),
  };
}

/** A word that no shell reads as anything else. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
