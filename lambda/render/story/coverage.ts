import { type CauseId, ERROR_KINDS } from '../../incident/cause.ts';
import { CAUSE_WORDS } from '../../incident/cause-words.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import { STEPS } from '../../incident/evidence/table.ts';
import { andList, code, count, formatNumber, orList, type Phrase, text, words } from '../../incident/text.ts';
import { symptomCount } from '../../semantics/errors/symptoms.ts';
import { type Block, item, paragraph } from './block.ts';

/** The steps of looking by hand, and how much of each was seen here. */
export function stepsLine({ coverage: { steps } }: Diagnosis): readonly Block[] {
  const said = STEPS.map((step) => text`${step} ${steps[step]}`);
  return [paragraph(text`Seen of each step: ${orList(said, ', ')}.`)];
}

/** The last line of a short report: what there is more of. */
export function countsLine(diagnosis: Diagnosis, more: '' | '; -v shows them'): readonly Block[] {
  const { ruledOut, undetermined, broken } = diagnosis;
  const found = causesIn(diagnosis);
  const not = undetermined.length + broken.length;
  const said = isOfNowOnly(diagnosis) ? 'possible' : 'found';
  return [
    paragraph(
      text`${count(found, 'cause')} ${said}, ${formatNumber(ruledOut.length)} ruled out, ${formatNumber(not)} not judged${more}.`,
    ),
  ];
}

/** `9 causes ruled out, 2 could not be judged, 1 found.`: without it, "no cause found" means nothing. */
export function coverageLine(diagnosis: Diagnosis): Phrase {
  const { notApplicable } = diagnosis;
  const found = causesIn(diagnosis);
  const said = isOfNowOnly(diagnosis) ? 'possible, from the state as read now' : 'found';
  return [
    judgedAndNot(diagnosis),
    ...(found > 0 ? [`${found} ${said}`] : []),
    ...(notApplicable.length > 0 ? [`${notApplicable.length} not applicable here`] : []),
  ]
    .join(', ')
    .concat('.') as Phrase;
}

function causesIn({ findings }: Diagnosis): number {
  return new Set(findings.flatMap(({ cause, waiting }) => (waiting ? [] : cause))).size;
}

/** Where no cause of then is found, what is found was so later, and may not have been so then. */
function isOfNowOnly({ readLate, verdict: { status } }: Diagnosis): boolean {
  return readLate === true && status === 'inconclusive';
}

/** `9 causes ruled out, 2 could not be judged` */
function judgedAndNot({ ruledOut, undetermined, broken, coverage }: Diagnosis): string {
  const not = Math.max(undetermined.length + broken.length, coverage.of - coverage.judged);
  return `${count(ruledOut.length, 'cause')} ruled out, ${not} could not be judged`;
}

/** Each with its reason; what could not be about this load balancer at all only by name. */
export function ruledOutBlocks({ ruledOut, notApplicable }: Diagnosis): readonly Block[] {
  const names = notApplicable.map(({ cause }) => code(cause));
  return [
    ...ruledOut.map(({ cause, because }) =>
      item(because.length === 0 ? [code(cause)] : text`${code(cause)}: ${because}`),
    ),
    ...(names.length === 0 ? [] : [item(text`not applicable here: ${andList(names, names.length)}`)]),
  ];
}

/**
 * What was ruled out of what makes errors as they are seen, that of the kind most of them are of first: a reader may have
 * thought of it. The rest is counted.
 */
export function suspectsRuledOut(diagnosis: Diagnosis, atMost: number): readonly Block[] {
  const { ruledOut, symptoms } = diagnosis;
  const errorsOf = (cause: CauseId): number =>
    CAUSE_WORDS[cause].makes.length === ERROR_KINDS.length
      ? 0
      : Math.max(0, ...CAUSE_WORDS[cause].makes.map((kind) => symptomCount(symptoms, kind) ?? 0));
  const suspects = ruledOut
    .filter(({ cause }) => errorsOf(cause) > 0)
    .sort((one, other) => errorsOf(other.cause) - errorsOf(one.cause))
    .slice(0, atMost);
  // Without a verdict, the opening counts them.
  if (suspects.length === 0 && diagnosis.verdict.status === 'inconclusive') return [];
  return [
    ...suspects.map(({ cause, because }) =>
      item(because.length === 0 ? [code(cause)] : text`${code(cause)}: ${because}`),
    ),
    paragraph(words(coverageLine(diagnosis))),
  ];
}

/** The permissions that would let the triage see more. */
export function allow({ coverage: { denied } }: Diagnosis): readonly Block[] {
  const [first, ...others] = denied.map(code);
  if (first === undefined) return [];
  const all = text`To see more, allow ${andList([first, ...others], denied.length)}.`;
  const brief = text`${count(denied.length, 'permission')} are missing: allow ${first} and ${others.length} more (listed below).`;
  return [others.length < 2 ? paragraph(all) : paragraph(all, brief)];
}
