import { type CommandShape, type Completable, inQuotes } from './command-shape.ts';

export function zshScript([program, ...commands]: readonly CommandShape[]): string {
  const all = [...(program === undefined ? [] : [program]), ...commands];
  return `#compdef alb-triage
# alb-triage: completion for zsh. In ~/.zshrc, after compinit: source <(alb-triage completion zsh)
_alb_triage() {
  local command= word= previous=\${words[CURRENT-1]}
  local -i index
  local -a choices
  if [[ $PREFIX == --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  fi
  for ((index = 2; index < CURRENT; index++)); do
    word=\${words[index]}
    case $word in
      ${withValue(all)}) ((index++)) ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  case $command in
    ${commands.map(({ name }) => name).join('|')}) ;;
    *) command= ;;
  esac
  case "$command $previous" in
${all.flatMap(valueCases).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    case $command in
${all.map((command) => `      ${command.name || "''"}) choices=(${optionsOf(command)}); _describe option choices ;;`).join('\n')}
    esac
    return
  fi
  case $command in
    '') choices=(${commands.map(({ name, says }) => described(name, says)).join(' ')}); _describe command choices ;;
${commands.map((command) => `    ${command.name}) ${completes(command.operand)} ;;`).join('\n')}
  esac
}
if [[ $funcstack[1] == _alb-triage ]]; then _alb_triage "$@"; else compdef _alb_triage alb-triage; fi
`;
}

function withValue(all: readonly CommandShape[]): string {
  const flags = all.flatMap(({ options }) =>
    options.flatMap(({ flags, values }) => (values === undefined ? [] : flags)),
  );
  return [...new Set(flags)].join('|');
}

function valueCases({ name, options }: CommandShape): readonly string[] {
  return options.flatMap(({ flags, values }) =>
    values === undefined
      ? []
      : [`    ${flags.map((flag) => inQuotes(`${name} ${flag}`)).join('|')}) ${completes(values)}; return ;;`],
  );
}

function completes(values: Completable): string {
  if (values === null) return ':';
  return values === 'files' ? '_files' : `compadd -- ${values.map(inQuotes).join(' ')}`;
}

function optionsOf({ options }: CommandShape): string {
  return options.flatMap(({ flags, says }) => flags.map((flag) => described(flag, says))).join(' ');
}

function described(word: string, says: string): string {
  return inQuotes(`${word}:${says.replaceAll(':', '\\:')}`);
}
