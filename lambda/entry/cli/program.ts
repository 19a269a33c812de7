import { Command, CommanderError } from 'commander';
import type { Beyond, Reference } from '../../incident/question.ts';
import { listed } from '../../intake/index.ts';
import { VERSION } from '../version.ts';
import { chosen } from './choose.ts';
import { SHELLS } from './completion/shells.ts';
import { demoList, demoSnapshot } from './demo.ts';
import { formatHelp, helpOn } from './help.ts';
import { refuseToCome } from './not-yet.ts';
import {
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
import { type Output, tell, throwIfAny, withOutput } from './output.ts';
import { policyDocument } from './policy.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { Cancelled, describeError, NothingFound, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';
import { redactedTriage, redactOption, unsavedBecause } from './snapshot-file.ts';
import { printTree, type TreeOptions } from './tree-command.ts';
import { type TriageOptions, triageNow } from './triage-command.ts';
import { misspeltCommand, usageError } from './usage.ts';
import { placesForPolicy, withOption } from './with-option.ts';
import { messageLine } from './wording.ts';

/** What the process exits with, where nothing goes wrong. */
interface Exit {
  status: number;
}

/** Runs one command line and returns its exit status: 0 triaged, 1 could not be, 2 wrong usage, more by --exit-code. */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const exit: Exit = { status: 0 };
  const program = programFor(argv, shell, exit);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit.status;
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

function programFor(argv: readonly string[], shell: Shell, exit: Exit): Command {
  const program = triageCommand(shell, exit);
  // What follows -- is a load balancer, whatever it is called.
  return argv.includes('--') ? program.helpCommand(false) : withCommands(program, shell, exit);
}

/** What AWS is asked about, and from where: of every command that asks. */
function withQuestion(command: Command): Command {
  return command
    .argument('[load-balancer]', 'its name, ARN or DNS name', loadBalancerArgument)
    .option('--region <region>', "AWS Region (default: AWS's environment and profile)", regionArgument)
    .option('--profile <profile>', "AWS profile (default: AWS's environment)", someText)
    .option('--at <time>', 'end of the window: ISO 8601, with its zone (default: now)', momentArgument)
    .addOption(sinceOption());
}

function triageCommand(shell: Shell, exit: Exit): Command {
  const program = withQuestion(new Command('alb-triage'))
    .description('Why is this Application Load Balancer answering 5xx? Reads AWS, changes nothing.')
    .usage('<load-balancer> [options], or alb-triage <command>')
    .option('--save <file>', 'save the snapshot of what was read', someText)
    .addOption(redactOption())
    .option('--publish <topic-arn>', 'also publish to SNS, as the Lambda would', topicArnArgument)
    .addOption(timeoutOption())
    .addOption(withOption())
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
      exit.status = await triageNow(about ?? (await chosen(options, shell)), options, shell);
    });
  return withOutput(program);
}

function withCommands(program: Command, shell: Shell, exit: Exit): Command {
  const tree = program
    .command('tree')
    .description('listener, rule, target group and target with their health, and where it breaks')
    .option('--snapshot <file>', 'draw a saved snapshot instead, offline; - reads standard input', someText);
  withQuestion(tree)
    .addOption(treeFormOption())
    .addOption(timeoutOption())
    .action((about: Reference | undefined, options: TreeOptions) => printTree(about, options, shell));

  withOutput(program.command('diagnose'))
    .description('the same judgement on a saved snapshot, offline')
    .argument('<snapshot.json>', 'what --save wrote; - reads standard input')
    .option('--save <file>', 'save the snapshot again: masked, with --redact', someText)
    .addOption(redactOption())
    .action(async (file: string, options: Output & Pick<TriageOptions, 'save' | 'redact'>) => {
      const saved = await savedSnapshot(file, shell);
      const read = { snapshot: saved, diagnosis: snapshotDiagnosis(saved) };
      const { snapshot = saved, diagnosis } = options.redact ? await redactedTriage(read, shell) : read;
      const unsaved = options.save ? await unsavedBecause(snapshot, options.save) : undefined;
      const { status, failures } = await tell(diagnosis, options, shell);
      throwIfAny([unsaved, ...failures]);
      exit.status = status;
    });

  withOutput(program.command('demo'), 'the mail, and the ranking')
    .description('recorded incidents, offline, no credentials')
    .argument('[incident]', 'which one')
    .option('--list', 'list the incidents; with --json for a program')
    .action(async (name: string | undefined, { list, ...output }: Output & { list?: true }) => {
      if (list) return void shell.stdout.write(demoList(name, output, shell));
      const { status, failures } = await tell(snapshotDiagnosis(await demoSnapshot(name, shell)), output, shell);
      throwIfAny(failures);
      exit.status = status;
    });

  program
    .command('explain')
    .description('one cause of the catalogue, or the list')
    .argument('[cause]')
    .option('--json', 'as JSON')
    .action(async (cause: string | undefined, { json }: { json?: true }) => {
      // On demand: only pages are in YAML and Markdown.
      const { explanation, explanationInJson } = await import('./explain.ts');
      shell.stdout.write(json ? explanationInJson(cause, shell) : explanation(cause, shell));
    });

  program
    .command('policy')
    .description('the IAM policy document the triage needs, exactly')
    .option('--publish <topic-arn>', 'allow publishing to this SNS topic, too', topicArnArgument)
    .addOption(withOption())
    .action(async ({ publish, with: asked }: { publish?: string; with?: Beyond }) => {
      const beyond = placesForPolicy(asked, shell);
      const { PERMISSIONS, permissionsBeyond, PUBLISH_ACTIONS } = await shell.aws();
      const more = beyond === undefined ? [] : permissionsBeyond(beyond);
      const publishing = publish === undefined ? undefined : { topicArn: publish, actions: PUBLISH_ACTIONS };
      shell.stdout.write(`${JSON.stringify(policyDocument([...PERMISSIONS, ...more], publishing), null, 2)}\n`);
    });

  program
    .command('completion')
    .description('completion of the installed command, for a shell to read')
    .argument('<shell>', listed(SHELLS, 'or'), (text: string) => wordOf(text, SHELLS))
    .action(async (name: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('./completion/completion.ts');
      shell.stdout.write(completionScript(name, program, shell));
    });

  program
    .helpCommand(false)
    .command('help', { hidden: true })
    .description('help on a command, or on all options')
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
