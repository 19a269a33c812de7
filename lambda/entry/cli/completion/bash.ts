import { type CommandShape, type Completable, inQuotes } from './command-shape.ts';

/** Needs nothing but bash, 3.2 as macOS has it among them. */
export function bashScript([program, ...commands]: readonly CommandShape[]): string {
  const all = [...(program === undefined ? [] : [program]), ...commands];
  return `# alb-triage: completion for bash. In ~/.bashrc: source <(alb-triage completion bash)
_alb_triage() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word= words= index
  # --as=json is three words to bash.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = && COMP_CWORD -gt 2 ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case $word in
      ${withValue(all)}) [[ \${COMP_WORDS[index+1]} == = ]] && ((index++)); ((index++)) ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  case $command in ''|${commands.map(({ name }) => name).join('|')}) ;; *) command= ;; esac
  COMPREPLY=()
  case $previous in
${all
  .flatMap((command) => command.options.flatMap((option) => valueCase(option.flags, option.values)))
  .filter(isFirst)
  .join('\n')}
    *) case $current in
      -*) case $command in
${all.map((command) => `        ${command.name || "''"}) words=${inQuotes(flagsOf(command))} ;;`).join('\n')}
      esac ;;
      *) case $command in
${all.map((command) => `        ${command.name || "''"}) words=${operandOf(command, commands)} ;;`).join('\n')}
      esac ;;
    esac ;;
  esac
  local IFS=$'\\n'
  if [[ $words == :files ]]; then
    compopt -o filenames 2>/dev/null
    while read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
  else
    while read -r word; do COMPREPLY+=("$word"); done < <(IFS=' '; compgen -W "$words" -- "$current")
  fi
}
complete -F _alb_triage alb-triage
`;
}

function withValue(all: readonly CommandShape[]): string {
  const flags = all.flatMap(({ options }) =>
    options.flatMap(({ flags, values }) => (values === undefined ? [] : flags)),
  );
  return [...new Set(flags)].join('|');
}

function valueCase(flags: readonly string[], values: Completable | undefined): readonly string[] {
  return values === undefined ? [] : [`    ${flags.join('|')}) words=${wordsOf(values)} ;;`];
}

function wordsOf(values: Completable): string {
  if (values === null) return "''";
  return inQuotes(values === 'files' ? ':files' : values.join(' '));
}

function operandOf(command: CommandShape, commands: readonly CommandShape[]): string {
  return command.name === '' ? inQuotes(commands.map(({ name }) => name).join(' ')) : wordsOf(command.operand);
}

function flagsOf({ options }: CommandShape): string {
  return options.flatMap(({ flags }) => flags).join(' ');
}

function isFirst(line: string, place: number, lines: readonly string[]): boolean {
  return lines.indexOf(line) === place;
}
