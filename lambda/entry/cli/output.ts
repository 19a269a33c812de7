import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Diagnosis, Status } from '../../incident/diagnosis.ts';
import { inTable } from '../../incident/in-table.ts';
import { type Form, inFile, type Length, print, printDemo } from './forms.ts';
import { asOption } from './options.ts';
import { describeError, NotTriaged, type Shell, WrongUsage } from './shell.ts';

/** Where a report goes, in which form, and what a script is told of it. */
export interface Output extends Length {
  readonly as?: Form;
  readonly json?: true;
  readonly export?: readonly Export[];
  readonly exitCode?: true;
}

interface Export {
  readonly file: string;
  readonly form: Form;
}

/** The options of every command that reports. `otherwise`: what is printed without `--as`, in words; else it is text. */
export function withOutput(command: Command, otherwise?: string): Command {
  return command
    .addOption(asOption(otherwise))
    .option('--json', 'the same as --as json')
    .addOption(new Option('-v, --verbose', 'show all that is known (text, markdown)').conflicts('quiet'))
    .option('-q, --quiet', 'show one line (text, markdown)')
    .addOption(
      new Option('--export <file>', 'also write it to a .json, .md, .html or .txt file; may be repeated').argParser(
        withExport,
      ),
    )
    .option('--exit-code', 'exit with 0 quiet, 3 identified, 4 suspected, 5 inconclusive')
    .hook('preAction', async (_, action) => {
      refuseContradiction(action);
      await refuseUnwritable(action.opts());
    });
}

const BY_ENDING: Readonly<Record<string, Form>> = { json: 'json', md: 'markdown', html: 'html', txt: 'text' };

function withExport(file: string, before: readonly Export[] = []): readonly Export[] {
  const [, ending = ''] = /[.](\w+)$/.exec(file.toLowerCase()) ?? [];
  const form = inTable(BY_ENDING, ending);
  if (form !== undefined) return [...before, { file, form }];
  throw new InvalidArgumentError('Expected a file that ends in .json, .md, .html or .txt.');
}

/** What cannot be meant, told before AWS is asked. */
function refuseContradiction(command: Command): void {
  const { as = 'text', json, quiet }: Output = command.opts();
  if (json && as !== 'json' && command.getOptionValueSource('as') === 'cli') {
    throw new WrongUsage(`--json is --as json: it cannot be used with --as ${as}`);
  }
  const form = json ? 'json' : as;
  if (quiet && form !== 'text' && form !== 'markdown') {
    throw new WrongUsage(`-q is one line of text or markdown: it cannot be used with ${form}`);
  }
}

/** Nobody waits for AWS, to be told then that a folder is not there. */
async function refuseUnwritable({ export: exports = [], save }: Output & { readonly save?: string }): Promise<void> {
  throwIfAny([
    save && (await unwritableBecause(save, 'save the snapshot')),
    ...(await Promise.all(exports.map(({ file }) => unwritableBecause(file, 'write the report')))),
  ]);
}

async function unwritableBecause(file: string, doing: string): Promise<string | undefined> {
  try {
    const there = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    if (there?.isDirectory()) return `cannot ${doing} to ${file}: it is a folder`;
    await access(there === undefined ? dirname(resolve(file)) : file, constants.W_OK);
    return undefined;
  } catch (error) {
    return `cannot ${doing} to ${file}: ${describeError(error)}`;
  }
}

/** By the verdict, of what is over, too. */
const EXIT_STATUS: Readonly<Record<Status, number>> = { quiet: 0, identified: 3, suspected: 4, inconclusive: 5 };

export interface Told {
  readonly status: number;
  /** What could not be written. */
  readonly failures: readonly string[];
}

/** Prints the report, and writes it to files. */
export async function tell(diagnosis: Diagnosis, output: Output, shell: Shell): Promise<Told> {
  const { as, json, verbose, quiet, exitCode } = output;
  const length = { ...(verbose ? { verbose } : {}), ...(quiet ? { quiet } : {}) };
  const form = json ? 'json' : as;
  // Only the demo has a form of its own.
  if (form === undefined && !verbose && !quiet) printDemo(diagnosis, shell);
  else print(diagnosis, form ?? 'text', shell, length);
  const failures: string[] = [];
  for (const each of output.export ?? []) {
    try {
      await writeFile(each.file, inFile(diagnosis, each.form, length));
    } catch (error) {
      failures.push(`cannot write the report to ${each.file}: ${describeError(error)}`);
    }
  }
  return { status: exitCode ? EXIT_STATUS[diagnosis.verdict.status] : 0, failures };
}

/** What could not be written or sent, once all the rest is done. */
export function throwIfAny(failures: readonly (string | undefined)[]): void {
  const real = failures.filter((failure) => failure !== undefined);
  if (real.length > 0) throw new NotTriaged(real.join('; '));
}
