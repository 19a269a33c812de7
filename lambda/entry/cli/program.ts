import { Command, CommanderError } from 'commander';
import type { Reference } from '../../incident/question.ts';
import { VERSION } from '../version.ts';
import { demoList, demoSnapshot } from './demo.ts';
import { type Form, print, printDemo } from './forms.ts';
import {
  asOption,
  loadBalancerArgument,
  momentArgument,
  sinceOption,
  timeoutOption,
  topicArnArgument,
} from './options.ts';
import { policyDocument } from './policy.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { describeError, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';
import { type TriageOptions, triageNow } from './triage-command.ts';

const EXAMPLES = `
Examples:
  alb-triage web                       why is the load balancer "web" answering 5xx?
  alb-triage web --at 2026-03-10T14:24:00Z --since 2h
                                       what was wrong last night?
  alb-triage web --as markdown         for the ticket
  alb-triage web --save incident.json  keep what AWS said ...
  alb-triage diagnose incident.json    ... and judge it again, offline
  alb-triage demo                      a recorded incident, without AWS

A load balancer that is called like a command goes after --: alb-triage -- demo
Exit status: 0 triaged, whatever was found; 1 not triaged; 2 wrong usage.`;

/** Runs one command line and returns its exit status: 0 triaged, 1 could not be, 2 wrong usage. */
export async function run(argv: readonly string[], shell: Shell): Promise<number> {
  const program = programFor(argv, shell);
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return 2;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has told already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = error instanceof NotTriaged || error instanceof WrongUsage;
    shell.stderr.write(`alb-triage: ${known ? '' : 'a defect of alb-triage: '}${describeError(error)}\n`);
    return error instanceof WrongUsage ? 2 : 1;
  }
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
    .argument('<load-balancer>', 'its name, ARN or DNS name', loadBalancerArgument)
    .option('--region <region>', "AWS region (default: the AWS SDK's chain)")
    .option('--profile <profile>', "AWS profile (default: the AWS SDK's chain)")
    .option('--at <time>', 'the moment of the incident, ISO 8601 (default: now)', momentArgument)
    .addOption(sinceOption())
    .addOption(asOption())
    .option('--save <file>', 'keep the snapshot of what was read')
    .option('--publish <topic-arn>', 'also publish to SNS, as the Lambda would', topicArnArgument)
    .addOption(timeoutOption())
    .version(VERSION)
    .helpOption('-h, --help', 'show this, or with a command its own help')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      outputError: (text, write) => write(oneLine(text)),
    })
    .hook('preSubcommand', refuseMisplaced)
    .action((about: Reference, options: TriageOptions) => triageNow(about, options, shell));
}

function withCommands(program: Command, shell: Shell): Command {
  program.helpCommand('help [command]', 'the same as --help');

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
    .description('recorded incidents, offline, no credentials: the message a subscriber gets, and the ranking')
    .argument('[incident]', 'which one')
    .option('--list', 'name them all')
    .addOption(asOption('both of these'))
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
    .action(async ({ publish }: { publish?: string }) => {
      const { PERMISSIONS } = await shell.aws();
      shell.stdout.write(`${JSON.stringify(policyDocument(PERMISSIONS, publish), null, 2)}\n`);
    });

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

function oneLine(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  return `alb-triage: ${line}${/[.)]$/.test(line) ? '' : '.'} See alb-triage --help\n`;
}
