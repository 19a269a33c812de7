import type { Command, CommanderError } from 'commander';
import { listed, meant } from '../../intake/index.ts';
import { COMMANDS_TO_COME, meantToCome } from './not-yet.ts';
import { quoted } from './wording.ts';

/** What is wrong with a command line, in one line, with what may have been meant. */
export function usageError({ code, message }: CommanderError, argv: readonly string[], program: Command): string {
  const operand = argv.find((word) => !word.startsWith('-'));
  const command = argv.includes('--') ? undefined : program.commands.find((one) => one.name() === operand);
  const help = `See alb-triage ${command === undefined ? '' : `${command.name()} `}--help`;
  if (code === 'commander.unknownOption') return ended(unknownOption(message, operand, command, program), help);
  if (code === 'commander.invalidArgument') return ended(invalidValue(message), help);
  if (code === 'commander.excessArguments' && command === undefined) {
    const misspelt = misspeltCommand(argv, program);
    if (misspelt !== undefined) return misspelt;
  }
  return ended(message.replace(/^error: /, '').trim(), help);
}

function ended(line: string, help: string): string {
  return `${line}${/[.)?]$/.test(line) ? '' : '.'} ${help}`;
}

/** What was typed, what it should be, and why it is not. */
function invalidValue(message: string): string {
  const [, option, written = '', operand, why = ''] =
    /^error: (?:option '(\S+)[^']*' argument|command-argument value) '([\s\S]*)' is invalid(?: for argument '([^']*)')?[.] ([\s\S]*)$/.exec(
      message,
    ) ?? [];
  if (why === '') return message;
  const place = operand === undefined ? `value of ${option?.replace(/,$/, '')}` : `valid <${operand}>`;
  // What was found is said already.
  const expected = why.replace(/(?:, found|:) the text ".*"(?=[.]?$)/s, '');
  return `${quoted(written)} is not a ${place}: ${expected.charAt(0).toLowerCase()}${expected.slice(1)}`;
}

/** That the word in the place of the load balancer is nearly a command. */
export function misspeltCommand(argv: readonly string[], program: Command): string | undefined {
  const operand = argv.find((word) => !word.startsWith('-'));
  if (operand === undefined || argv.includes('--') || program.commands.some((one) => one.name() === operand)) {
    return undefined;
  }
  // What has three letters is a letter away from many a name.
  const toCome = operand.length > 3 ? meantToCome(operand, COMMANDS_TO_COME) : undefined;
  const hint = meant(operand, commandNames(program)) ?? toCome;
  return hint === undefined ? undefined : `there is no command ${quoted(operand)}: ${hint}`;
}

/** Those that are told of in the help. */
export function commandNames(program: Command): readonly string[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
}

function unknownOption(
  message: string,
  operand: string | undefined,
  command: Command | undefined,
  program: Command,
): string {
  const flag = /'([\s\S]*)'/.exec(message)?.[1]?.split('=', 1)[0] ?? '';
  const own = longFlags(command ?? program);
  const hint = meant(flag, own);
  if (hint !== undefined) return `unknown option ${quoted(flag)}: ${hint}`;
  const toCome = meantToCome(
    flag,
    [...(command ?? program).options].flatMap(({ long, hidden }) => (hidden && long) || []),
  );
  if (toCome !== undefined) return `unknown option ${quoted(flag)}: ${toCome}`;
  if (command !== undefined) return `${command.name()} takes no ${quoted(flag)}`;
  const misspelt = operand === undefined ? undefined : meant(operand, commandNames(program));
  if (misspelt !== undefined)
    return `unknown option ${quoted(flag)}, and no command ${quoted(operand ?? '')}: ${misspelt}`;
  const others = program.commands.filter((one) => longFlags(one).includes(flag)).map((one) => one.name());
  return others.length === 0
    ? `unknown option ${quoted(flag)}`
    : `${quoted(flag)} is an option of ${listed(others, 'and')} only`;
}

function longFlags(command: Command): readonly string[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap(({ long }) => long ?? []);
}
