import { type CauseId, ERROR_KINDS } from '../../incident/cause.ts';
import { CAUSE_WORDS } from '../../incident/cause-words.ts';
import type { Diagnosis, Missing } from '../../incident/diagnosis.ts';
import { EVIDENCE, STEPS } from '../../incident/evidence/table.ts';
import {
  andList,
  code,
  count,
  formatNumber,
  orList,
  type Phrase,
  type Text,
  text,
  verbatim,
  words,
} from '../../incident/text.ts';
import { symptomCount } from '../../semantics/errors/symptoms.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { type Block, item, paragraph } from './block.ts';
import { capitalise, sentence } from './phrases.ts';

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

/** What could not be seen: what to allow, and which causes wait for it. */
export function unseenBlocks(diagnosis: Diagnosis, atMost = Number.POSITIVE_INFINITY): readonly Block[] {
  const blinds = byMissing(diagnosis);
  const shown = blinds.length > atMost ? blinds.slice(0, atMost - 1) : blinds;
  return [
    ...shown.map(({ missing, causes }) =>
      item(
        text`${whatIsMissing(missing)}${causes.length === 0 ? [] : text` So not judged: ${andList(causes.map(code), Math.min(causes.length, atMost))}.`}`,
      ),
    ),
    ...(shown.length === blinds.length
      ? []
      : [item(text`${count(blinds.length - shown.length, 'more thing')} not seen`)]),
    ...diagnosis.broken.map(({ cause, error }) =>
      item(text`${code(cause)}: judging it failed, which is a bug in alb-triage: ${verbatim(error)}`),
    ),
    ...(toldAtOnce(diagnosis) ? [] : allow(diagnosis)),
  ];
}

/** The same of what was changed, for where there is room for a line: who sees none must know that there may be some. */
export function changesNotSeen({ changesUnseen: [first, ...others] = [], coverage }: Diagnosis): readonly Block[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? [] : text` ${count(others.length, 'more part')} of them not seen.`;
  const isRefused = first.action !== undefined && coverage.denied.includes(first.action);
  const toAllow = isRefused ? text` To see them, allow ${code(first.action ?? '')}.` : [];
  return [item(text`${whatIsMissing(first)}${more}${toAllow}`)];
}

/** Without a verdict, what to allow is what to do next: it stands at the top already. */
function toldAtOnce({ kind, verdict }: Diagnosis): boolean {
  return kind === 'failed' || verdict.status === 'inconclusive';
}

/** The permissions that would let the triage see more. */
export function allow({ coverage: { denied } }: Diagnosis): readonly Block[] {
  const [first, ...others] = denied.map(code);
  if (first === undefined) return [];
  const all = text`To see more, allow ${andList([first, ...others], denied.length)}.`;
  const brief = text`${count(denied.length, 'permission')} are missing: allow ${first} and ${others.length} more (listed below).`;
  return [others.length < 2 ? paragraph(all) : paragraph(all, brief)];
}

interface Blind {
  readonly missing: Missing;
  readonly causes: readonly CauseId[];
}

/** One line for each thing that is missing, not for each cause that misses it. */
function byMissing({ undetermined, changesUnseen = [] }: Diagnosis): readonly Blind[] {
  const blinds = new Map<string, Blind>();
  const add = (one: Missing, waiting: readonly CauseId[]) => {
    const key = JSON.stringify([one.evidence, one.why, one.action, one.ids]);
    const { missing = one, causes = [] } = blinds.get(key) ?? {};
    blinds.set(key, { missing, causes: [...new Set([...causes, ...waiting])] });
  };
  for (const { cause, missing } of undetermined) for (const one of missing) add(one, [cause]);
  // No cause waits for changes, but who sees none must know that there may be some.
  for (const one of changesUnseen) add(one, []);
  // What somebody can mend comes first: a call that AWS refused, not what it never tells.
  const isRefused = ({ missing: { why } }: Blind): boolean => why !== 'partial' && why !== 'not-asked';
  const all = [...blinds.values()];
  return [...all.filter(isRefused), ...all.filter((one) => !isRefused(one))];
}

const IDS_AT_MOST = 5;

/** A target group by its name: its ARN is a line of its own. */
function nameOf(id: string): string {
  return id.includes(':targetgroup/') ? groupName(id) : id;
}

export function whatIsMissing({ evidence, why, action, ids, detail }: Missing): Text {
  const of =
    ids === undefined || ids.length === 0
      ? []
      : text` (${andList([...new Set(ids.map(nameOf))].map(code), IDS_AT_MOST)})`;
  const what = capitalise(words(EVIDENCE[evidence].name));
  return sentence(text`${what}${of}: ${reasonSaid({ why, action, detail })}`);
}

/** Once: what AWS answered names the call, or says all that there is to say. */
function reasonSaid({ why, action, detail }: Pick<Missing, 'why'> & Unread): Text {
  const call = action === undefined ? text`the call` : [code(action)];
  if (why === 'denied') return text`${call} was denied`;
  const said = detail?.replace(/\.$/, '');
  if (said !== undefined && (why === 'partial' || why === 'not-asked')) return verbatim(said);
  const at = said === undefined || action === undefined ? -1 : said.indexOf(action);
  if (said !== undefined && action !== undefined && at >= 0) {
    return [...verbatim(said.slice(0, at)), ...call, ...verbatim(said.slice(at + action.length))].filter(
      (part) => part.kind !== 'word' || part.text !== '',
    );
  }
  const reasons = {
    throttled: text`${call} was throttled`,
    'timed-out': text`${call} did not answer in time`,
    failed: text`${call} failed`,
    'not-asked': text`was not asked for`,
    partial: text`not all of it was seen`,
  } as const;
  return text`${reasons[why]}${said === undefined ? '' : text` (${verbatim(said)})`}`;
}

interface Unread {
  readonly action: string | undefined;
  readonly detail: string | undefined;
}
