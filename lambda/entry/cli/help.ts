import type { Command, Help, Option } from 'commander';
import { inTable } from '../../incident/in-table.ts';
import { meant } from '../../intake/index.ts';
import { WrongUsage } from './shell.ts';
import { commandNames } from './usage.ts';
import { quoted } from './wording.ts';

/** Three a screen. A command that has none here is shown without. */
const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, does: string])[]>> = {
  'alb-triage': [
    ['alb-triage web', 'why does it answer 5xx?'],
    ['alb-triage web --at 2026-03-10T14:30:00Z --since 2h', 'why did it, in the two hours before?'],
    ['alb-triage demo', 'a recorded incident, without AWS'],
  ],
  options: [
    ['alb-triage web --as markdown', 'for the ticket'],
    ['alb-triage web --save incident.json', 'what AWS said, to be judged again'],
    ['alb-triage -- demo', 'a load balancer that has the name of a command'],
  ],
  tree: [
    ['alb-triage tree web', 'where it forwards requests, and what is broken'],
    ['alb-triage tree web --region eu-west-1', 'in that Region'],
    ['alb-triage tree api.example.com', 'by a name that leads to it'],
  ],
  diagnose: [
    ['alb-triage diagnose incident.json', 'what --save wrote'],
    ['alb-triage diagnose incident.json --json', 'for a program'],
    ['alb-triage diagnose - < incident.json', 'from standard input'],
  ],
  demo: [
    ['alb-triage demo', 'the one to start with'],
    ['alb-triage demo --list', 'list them'],
    ['alb-triage demo slow-targets --as markdown', 'one of them, for a ticket'],
  ],
  explain: [
    ['alb-triage explain', 'list the causes'],
    ['alb-triage explain nothing-listening', 'what proves it, and how to fix it'],
    ['alb-triage explain unresponsive-backend > page.md', 'as Markdown'],
  ],
  policy: [
    ['alb-triage policy', 'to read the evidence'],
    ['alb-triage policy --publish arn:aws:sns:us-east-1:123456789012:oncall', 'to publish as well'],
    ['alb-triage policy > policy.json', 'for aws iam create-policy'],
  ],
  completion: [
    ['source <(alb-triage completion bash)', 'in ~/.bashrc'],
    ['source <(alb-triage completion zsh)', 'in ~/.zshrc, after compinit'],
    ['alb-triage completion fish | source', 'in config.fish'],
  ],
};

/** On the first screen, some of them together; the others are on that of `help options`. */
const FIRST = ['--region', '--at', '--since', '--as'];
const FIRST_TOGETHER = [
  { flags: ['-v', '-q'], says: 'show all that is known, or one line' },
  { flags: ['--json', '--export'], says: 'print the report for a program; write it to a file' },
  { flags: ['--exit-code'], says: 'exit with the verdict: 0 quiet, 3 identified, 4 suspected, 5 inconclusive' },
];

/** The first screen of the program, or all of a command's help. */
export function formatHelp(command: Command, helper: Help): string {
  return screen(command.parent === null ? overview(command, helper) : ofCommand(command, helper));
}

/** What `help` shows of a command, of `options`, or of nothing in particular. */
export function helpOn(name: string | undefined, program: Command): string {
  if (name === undefined) return program.helpInformation();
  const helper = program.createHelp();
  if (name === 'options') return screen(allOptions(program, helper));
  const command = program.commands.find((one) => one.name() === name);
  if (command !== undefined) return command.helpInformation();
  const hint = meant(name, [...commandNames(program), 'options']);
  throw new WrongUsage(`there is no command ${quoted(name)}: ${hint ?? 'alb-triage --help lists them'}`);
}

type Section = readonly string[];

function overview(program: Command, helper: Help): readonly Section[] {
  const commands = helper.visibleCommands(program).map((one) => row(termOf(one), one.summary() || one.description()));
  const options = helper.visibleOptions(program);
  const first = options.filter(({ long }) => FIRST.some((one) => one === long));
  const together = FIRST_TOGETHER.map(({ flags, says }) => row(termsOf(flags, options), says));
  return [
    [
      `Usage: ${program.name()} ${program.usage()}`,
      program.description(),
      'Give its name, ARN or DNS name. On a terminal, leave it out to pick from a list.',
    ],
    ['Commands:', ...aligned(commands)],
    [
      'Options (all: alb-triage help options; of a command: alb-triage <command> --help):',
      ...aligned([...first.map(optionRow), ...together]),
    ],
    examplesOf('alb-triage'),
  ];
}

function allOptions(program: Command, helper: Help): readonly Section[] {
  return [
    [`Usage: ${program.name()} <load-balancer> [options]`],
    optionRows(helper.visibleOptions(program)),
    [
      'Exit status: 0 triaged, whatever was found; 1 not triaged, saved, exported or published; 2 wrong usage.',
      ...examplesOf('options'),
    ],
  ];
}

function ofCommand(command: Command, helper: Help): readonly Section[] {
  const operands = command.registeredArguments
    .filter(({ description }) => description !== '')
    .map((one) => row(termOfOperand(one.name(), one.required), one.description));
  return [
    [`Usage: ${helper.commandUsage(command)}`],
    [command.description()],
    ...(operands.length === 0 ? [] : [['Arguments:', ...aligned(operands)]]),
    ['Options:', ...optionRows(helper.visibleOptions(command))],
    examplesOf(command.name()),
  ];
}

interface Row {
  readonly term: string;
  readonly says: string;
}

function row(term: string, says: string): Row {
  return { term, says };
}

function optionRows(options: readonly Option[]): readonly string[] {
  return aligned(options.map(optionRow));
}

function optionRow(option: Option): Row {
  return row(option.flags, saysOf(option));
}

/** `--json, --export <file>` */
function termsOf(flags: readonly string[], options: readonly Option[]): string {
  const terms = flags.map((flag) => {
    const option = options.find(({ short, long }) => short === flag || long === flag);
    return flag === option?.short ? flag : (option?.flags ?? flag);
  });
  return terms.join(', ');
}

function saysOf({ description, defaultValue, defaultValueDescription }: Option): string {
  const otherwise = defaultValueDescription ?? (defaultValue === undefined ? undefined : String(defaultValue));
  return otherwise === undefined ? description : `${description} (default: ${otherwise})`;
}

function aligned(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(({ term }) => term.length));
  return rows.map(({ term, says }) => `  ${term.padEnd(width)}  ${says}`.trimEnd());
}

function termOf(command: Command): string {
  const operands = command.registeredArguments.map((one) => termOfOperand(one.name(), one.required));
  return [command.name(), ...operands].join(' ');
}

function termOfOperand(name: string, required: boolean): string {
  return required ? `<${name}>` : `[${name}]`;
}

function examplesOf(name: string): Section {
  const examples = inTable(EXAMPLES, name) ?? [];
  const lines = aligned(examples.map(([line, does]) => row(line, does)));
  return examples.length === 0 ? [] : ['Examples:', ...lines];
}

function screen(sections: readonly Section[]): string {
  const filled = sections.filter((section) => section.length > 0);
  return `${filled.map((section) => section.join('\n')).join('\n\n')}\n`;
}
