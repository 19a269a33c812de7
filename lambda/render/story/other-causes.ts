import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Finding } from '../../incident/finding.ts';
import { andList, type Text, text, uncapitalised } from '../../incident/text.ts';
import { type Block, paragraph } from './block.ts';
import { ofErrors, shareSaid, withoutFullStop } from './phrases.ts';

/** A cause that explains less than this is not alone, or not all of it. */
const NEARLY_ALL = 0.9;

/** Whoever mends only the first cause has to know at once that it is not the only one. */
export function otherCausesBriefly(diagnosis: Diagnosis): readonly Block[] {
  const {
    findings: [first, ...others],
  } = diagnosis;
  if (!explainsOnlySome(diagnosis) || first === undefined || first.share === null) return [];
  const lead = text`This cause explains ${shareSaid(first, first.share)} ${ofErrors(first)}`;
  const own = ownFaults(diagnosis);
  const shares = andList(own.map((one) => text`${shareSaid(one, one.share ?? 0)}`));
  const [second] = own;
  if (second === undefined) return [besideNoOther(lead, others)];
  if (own.length > 1) return [paragraph(text`${lead}, and ${own.length} more causes explain ${shares} (below).`)];
  const what = text`${lead}, and a second cause explains ${shares}: ${uncapitalised(withoutFullStop(second.headline))} (below).`;
  return [paragraph(what, text`${lead}, and a second cause (below) ${shares}.`)];
}

/** The only other cause, which the opening names. */
export function secondCause(diagnosis: Diagnosis): Finding<Text> | undefined {
  const own = explainsOnlySome(diagnosis) ? ownFaults(diagnosis) : [];
  return own.length === 1 ? own[0] : undefined;
}

function explainsOnlySome({ verdict, findings: [first] }: Diagnosis): boolean {
  return verdict.status === 'identified' && (first?.share ?? 1) < NEARLY_ALL;
}

function ownFaults({ findings: [first, ...others] }: Diagnosis): readonly Finding<Text>[] {
  return others.filter((one) => !one.waiting && !one.effect && one.capped === undefined && isOwnFault(one, first));
}

/** Where no other cause is proven. */
function besideNoOther(lead: Text, others: readonly Finding<Text>[]): Block {
  const suspected = others.find((one) => one.share !== null && one.share > 0 && !one.waiting && !one.symptomOf);
  if (suspected === undefined) return paragraph(text`${lead}; what causes the others is not known.`);
  const what = uncapitalised(withoutFullStop(suspected.headline));
  return paragraph(
    text`${lead}; what is suspected for the others: ${what} (below).`,
    text`${lead}; what is suspected for the others is told below.`,
  );
}

/** A second fault at once: it is known to be there, and makes errors that the first does not. */
export function isOwnFault(
  { strength, share, symptomOf, affected, explains }: Finding<Text>,
  first: Finding<Text> | undefined,
): boolean {
  if (strength === 'circumstantial' || share === null || share === 0 || symptomOf !== undefined) return false;
  if (first === undefined || first.strength === 'circumstantial') return false;
  const groups = first.affected.targetGroups;
  const areElsewhere = groups.length > 0 && affected.targetGroups.length > 0;
  const areOfOtherKinds = !explains.some((kind) => first.explains.includes(kind));
  return (
    areOfOtherKinds ||
    share + (first.share ?? 0) <= 1 ||
    (areElsewhere && !affected.targetGroups.some((arn) => groups.includes(arn)))
  );
}
