import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Fix } from '../../incident/finding.ts';
import { type Text, text, words } from '../../incident/text.ts';
import { type Block, command, paragraph } from './block.ts';
import { unended } from './phrases.ts';

/** The ways out of the first cause, the one to take first. None while nothing is suspected, or known. */
export function remedies({ kind, verdict, findings }: Diagnosis): readonly (readonly Block[])[] {
  if (verdict.cause === null) return [];
  const changing = kind === 'recovered' ? IF_NEEDED : verdict.status === 'identified' ? SURE : IF_THAT_IS_IT;
  return (findings[0]?.fixes ?? []).map((fix) => remedy(fix, changing));
}

const SURE = 'Fix';
const IF_THAT_IS_IT = 'Fix, if that is it';
const IF_NEEDED = 'Fix, if still needed';

/** What it does, whether it changes anything, the command; then what tells that it helped, and what undoes it. */
function remedy(fix: Fix<Text>, changing: string): readonly Block[] {
  if (fix.run === null) return [paragraph(text`By hand: ${unended(fix.does)}.`), ...afterwards(fix)];
  return [paragraph(text`${purpose(fix, changing)}: ${unended(fix.does)}:`), command(fix.run), ...afterwards(fix)];
}

export function purpose({ run, changes }: Fix<Text>, changing: string = IF_THAT_IS_IT): string {
  if (!changes) return 'To look closer (changes nothing)';
  return `${changing} (changes ${run?.[0] === 'kubectl' ? 'Kubernetes' : 'AWS'})`;
}

function afterwards({ run, changes, undo, verify, managedBy }: Fix<Text>): readonly Block[] {
  const owned =
    managedBy === undefined
      ? []
      : [paragraph(text`Managed by ${managedBy}, which may revert it: make the change there as well.`)];
  const check = verify === null ? [] : [paragraph(words('To see whether it helped:')), command(verify)];
  const back =
    undo !== null
      ? [paragraph(words('To undo it:')), command(undo)]
      : changes && run !== null
        ? [paragraph(words('No single command undoes it.'))]
        : [];
  return [...owned, ...check, ...back];
}
