import type { Cause } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { judge } from '../../lambda/diagnose/judge.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Finding } from '../../lambda/incident/finding.ts';
import type { Text } from '../../lambda/incident/text.ts';
import type { Remedy } from '../../lambda/remedies/remedy.ts';
import { reportFix } from '../../lambda/remedies/writers/report-fix.ts';
import { aSnapshot, type Ill } from './a-snapshot.ts';
import { readAwsCommand } from './aws-command.ts';
import { commandsOf } from './commands.ts';

/** What the engine makes of one cause: `found decisive`, `found strong`, `ruled-out`, `undetermined`, … */
export function outcome(cause: Cause, ill: Ill): string {
  const verdict = judge(cause, aSnapshot(ill));
  if (verdict.is === 'broken') return `broken: ${verdict.error}`;
  if (verdict.is !== 'found') return verdict.is;
  for (const { found } of verdict.findings) for (const remedy of found.fixes) expectCommandsOfAws(remedy);
  return verdict.findings.map(({ found }) => `found ${found.strength}`).join(', ');
}

/** Whatever a test of a cause makes ill, the commands are such as AWS takes. */
function expectCommandsOfAws(remedy: Remedy): void {
  for (const argv of commandsOf(reportFix(remedy, 'us-east-1'))) if (argv[0] === 'aws') readAwsCommand(argv);
}

/** A cause's first finding, as a reader reads it. */
export function readable(cause: Cause, ill: Ill): string {
  const [finding] = diagnose(aSnapshot(ill), [cause]).findings;
  return finding === undefined ? 'nothing found' : asRead(finding);
}

/** What rules a cause out, as a reader reads it. */
export function deniedBecause(cause: Cause, ill: Ill): string {
  const [denial] = diagnose(aSnapshot(ill), [cause]).ruledOut;
  return denial === undefined ? 'not ruled out' : plain(denial.because);
}

/** The cause that is told first, where all causes are examined. */
export function foundFirst(ill: Ill): CauseId | undefined {
  return diagnose(aSnapshot(ill), CAUSES).findings[0]?.cause;
}

function asRead(finding: Finding<Text>): string {
  const command = (argv: readonly string[] | null): string => argv?.join(' ') ?? '';
  return [
    `${plain(finding.headline)} [${finding.strength}]${finding.since === undefined ? '' : ` since ${finding.since}`}`,
    ...finding.because.map(({ from, shows }) => `  because  ${plain(shows)}   [${from}]`),
    ...finding.fixes.flatMap(({ does, step, run, changes, undo, managedBy }) => [
      `  ${changes ? 'fix ' : 'look'}${step === undefined ? '   ' : `${step.number}/${step.of}`}  ${plain(does)}${managedBy === undefined ? '' : ` (managed by ${managedBy})`}`,
      ...(run === null ? [] : [`           ${command(run)}`]),
      ...(undo === null ? [] : [`     undo  ${command(undo)}`]),
    ]),
  ].join('\n');
}

export function plain(text: Text): string {
  return text
    .map((part) => {
      if (part.kind === 'time') return part.at.slice(11, 16);
      return part.kind === 'code' ? `\`${part.text}\`` : part.text;
    })
    .join('');
}
