import { type CommandShape, type Completable, inQuotes } from './command-shape.ts';

export function fishScript([program, ...commands]: readonly CommandShape[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const lines = [
    '# alb-triage: completion for fish. In config.fish: alb-triage completion fish | source',
    'complete -c alb-triage -e',
    'complete -c alb-triage -f',
    ...commands.map(({ name, says }) => line('__fish_use_subcommand', `-a ${name} -d ${quotedForFish(says)}`)),
    ...(program === undefined ? [] : optionLines(program, `not __fish_seen_subcommand_from ${names}`)),
    ...commands.flatMap((command) => {
      const here = `__fish_seen_subcommand_from ${command.name}`;
      return [...operandLines(command.operand, here), ...optionLines(command, here)];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function line(where: string, rest: string): string {
  return `complete -c alb-triage -n ${inQuotes(where)} ${rest}`;
}

function operandLines(values: Completable, where: string): readonly string[] {
  if (values === null) return [];
  return [line(where, values === 'files' ? '-F' : `-a ${inQuotes(values.join(' '))}`)];
}

function optionLines({ options }: CommandShape, where: string): readonly string[] {
  return options.map(({ flags, says, values }) => {
    const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
    return line(where, [...named, ...takes(values), `-d ${quotedForFish(says)}`].join(' '));
  });
}

function takes(values: Completable | undefined): readonly string[] {
  if (values === undefined) return [];
  if (values === 'files') return ['-r -F'];
  return values === null ? ['-x'] : [`-x -a ${inQuotes(values.join(' '))}`];
}

/** In fish a backslash escapes within single quotes. */
function quotedForFish(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
