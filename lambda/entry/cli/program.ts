import { Command, CommanderError } from 'commander';
import type { Reference } from '../../incident/question.ts';
import { VERSION } from '../version.ts';
import { chosen } from './choose.ts';
import { SHELLS } from './completion/shells.ts';
import { demoList, demoSnapshot } from './demo.ts';
import { type Form, print, printDemo } from './forms.ts';
import { formatHelp, helpOn } from './help.ts';
import { refuseToCome, withToCome } from './not-yet.ts';
import {
  asOption,
  loadBalancerArgument,
  momentArgument,
  regionArgument,
  sinceOption,
  someText,
  timeoutOption,
  topicArnArgument,
  treeFormOption,
  wordOf,
} from './options.ts';
import { policyDocument } from './policy.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { Cancelled, describeError, NothingFound, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';
import { printTree, type TreeOptions } from './tree-command.ts';
import { type TriageOptions, triageNow } from './triage-command.ts';
import { misspeltCommand, usageError } from './usage.ts';
import { listed, messageLine } from './wording.ts';

/** Runs one command line and returns its exit status: 0 triaged, 1 could not be, 2 wrong usage. */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const program = programFor(argv, shell);
  if (argv.length === 0 && shell.pick === undefined) {
    program.outputHelp({ error: true });
    return 2;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Help or the version: it is told.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof Cancelled) return CANCELLED;
    const { status, says } = refusal(error, argv, program);
    shell.stderr.write(`alb-triage: ${messageLine(says)}\n`);
    return status;
  }
}

/** As a shell has it of whatever Ctrl-C ended. */
const CANCELLED = 130;

function refusal(error: unknown, argv: readonly string[], program: Command): { status: number; says: string } {
  if (error instanceof CommanderError) return { status: 2, says: usageError(error, argv, program) };
  const says = describeError(error);
  if (error instanceof WrongUsage) return { status: 2, says };
  const misspelt = error instanceof NothingFound ? misspeltCommand(argv, program) : undefined;
  if (misspelt !== undefined) return { status: 2, says: `${misspelt} As a load balancer: ${says}` };
  return { status: 1, says: error instanceof NotTriaged ? says : `a defect of alb-triage: ${says}` };
}

function programFor(argv: readonly string[], shell: Shell): Command {
  const program = triageCommand(shell);
  // What follows -- is a load balancer, whatever it is called.
  return argv.includes('--') ? program.helpCommand(false) : withCommands(program, shell);
}

function triageCommand(shell: Shell): Command {
  return new Command('alb-triage')
    .description('Why is this Application Load Balancer answering 5xx? Reads AWS, changes nothing.')
    .usage('<load-balancer> [options]\n       alb-triage <command>')
    .argument('[load-balancer]', 'its name, ARN or DNS name', loadBalancerArgument)
    .option('--region <region>', "AWS Region (default: AWS's environment and profile)", regionArgument)
    .option('--profile <profile>', "AWS profile (default: AWS's environment)", someText)
    .option('--at <time>', 'the moment of the incident, ISO 8601 (default: now)', momentArgument)
    .addOption(sinceOption())
    .addOption(asOption())
    .option('--save <file>', 'keep the snapshot of what was read', someText)
    .option('--publish <topic-arn>', 'also publish to SNS, as the Lambda would', topicArnArgument)
    .addOption(timeoutOption())
    .addOption(withToCome())
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help, or with a command its own')
    .configureHelp({ formatHelp })
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      // Told in one line, by `run`.
      outputError: () => {},
    })
    .hook('preSubcommand', refuseMisplaced)
    .action(async (about: Reference | undefined, options: TriageOptions) => {
      await triageNow(about ?? (await chosen(options, shell)), options, shell);
    });
}

function withCommands(program: Command, shell: Shell): Command {
  program
    .command('tree')
    .description('listener, rule, target group and target with their health, and where it breaks')
    .argument('[load-balancer]', 'its name, ARN or DNS name', loadBalancerArgument)
    .option('--snapshot <file>', 'of a saved snapshot instead, offline; - reads standard input', someText)
    .option('--region <region>', "AWS Region (default: AWS's environment and profile)", regionArgument)
    .option('--profile <profile>', "AWS profile (default: AWS's environment)", someText)
    .option('--at <time>', 'the moment of the incident, ISO 8601 (default: now)', momentArgument)
    .addOption(sinceOption())
    .addOption(treeFormOption())
    .addOption(timeoutOption())
    .action((about: Reference | undefined, options: TreeOptions) => printTree(about, options, shell));

  program
    .command('diagnose')
    .description('the same judgement on a saved snapshot, offline')
    .argument('<snapshot.json>', 'what --save wrote; - reads standard input')
    .addOption(asOption())
    .action(async (file: string, { as }: { as: Form }) => {
      print(snapshotDiagnosis(await savedSnapshot(file, shell)), as, shell);
    });

  program
    .command('demo')
    .description('recorded incidents, offline, no credentials')
    .argument('[incident]', 'which one')
    .option('--list', 'name them all')
    .addOption(asOption('the mail, and the ranking'))
    .action(async (name: string | undefined, { as, list }: { as?: Form; list?: true }) => {
      if (list) return void shell.stdout.write(demoList(shell));
      const diagnosis = snapshotDiagnosis(await demoSnapshot(name, shell));
      if (as === undefined) printDemo(diagnosis, shell);
      else print(diagnosis, as, shell);
    });

  program
    .command('explain')
    .description('one cause of the catalogue, or the list')
    .argument('[cause]')
    .action(async (cause: string | undefined) => {
      // On demand: only pages are in YAML and Markdown.
      const { explanation } = await import('./explain.ts');
      shell.stdout.write(explanation(cause, shell));
    });

  program
    .command('policy')
    .description('the IAM policy document the triage needs, exactly')
    .option('--publish <topic-arn>', 'allow publishing to this SNS topic, too', topicArnArgument)
    .addOption(withToCome())
    .action(async ({ publish }: { publish?: string }) => {
      const { PERMISSIONS } = await shell.aws();
      shell.stdout.write(`${JSON.stringify(policyDocument(PERMISSIONS, publish), null, 2)}\n`);
    });

  program
    .command('completion')
    .description('completion of this command line, for a shell to read')
    .argument('<shell>', listed(SHELLS, 'or'), (text: string) => wordOf(text, SHELLS))
    .action(async (name: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('./completion/completion.ts');
      shell.stdout.write(completionScript(name, program, shell));
    });

  program
    .helpCommand(false)
    .command('help', { hidden: true })
    .argument('[command]', 'a command, or options')
    .action((name: string | undefined) => void shell.stdout.write(helpOn(name, program)));

  refuseToCome(program);
  return program;
}

/** Commander takes `--as json demo` for an option of the triage, and would drop it without a word. */
function refuseMisplaced(program: Command, subcommand: Command): void {
  const [given] = program.options.filter((option) => program.getOptionValueSource(option.attributeName()) === 'cli');
  if (given === undefined) return;
  const name = subcommand.name();
  const takes = subcommand.options.some(({ long }) => long === given.long);
  throw new WrongUsage(takes ? `${given.long} belongs after ${name}` : `${name} takes no ${given.long}`);
}
