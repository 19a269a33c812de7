import type { Diagnosis, Missing } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import { andList, code, count, type Phrase, type Text, text, verbatim, words } from '../../incident/text.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { type Block, item, paragraph } from './block.ts';
import { capitalise, sentence } from './phrases.ts';

/** `9 causes ruled out, 2 could not be judged, 1 found.`: without it, "no cause found" means nothing. */
export function coverageLine(diagnosis: Diagnosis): Phrase {
  const { findings, notApplicable } = diagnosis;
  const found = new Set(findings.flatMap(({ cause, waiting }) => (waiting ? [] : cause))).size;
  return [
    judgedAndNot(diagnosis),
    ...(found > 0 ? [`${found} found`] : []),
    ...(notApplicable.length > 0 ? [`${notApplicable.length} not applicable here`] : []),
  ]
    .join(', ')
    .concat('.') as Phrase;
}

/** `9 causes ruled out, 2 could not be judged` */
export function judgedAndNot({ ruledOut, undetermined, broken, coverage }: Diagnosis): string {
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

/** What could not be seen: what to allow, and which causes wait for it. */
export function unseenBlocks(diagnosis: Diagnosis): readonly Block[] {
  return [
    ...byMissing(diagnosis).map(({ missing, causes }) =>
      item(text`${whatIsMissing(missing)} So not judged: ${andList(causes.map(code), causes.length)}.`),
    ),
    ...diagnosis.broken.map(({ cause, error }) =>
      item(text`${code(cause)}: judging it failed, a defect of this program: ${verbatim(error)}`),
    ),
    ...(toldAtOnce(diagnosis) ? [] : allow(diagnosis)),
  ];
}

/** Without a verdict, what to allow is what to do next: it stands at the top already. */
function toldAtOnce({ kind, verdict }: Diagnosis): boolean {
  return kind === 'failed' || verdict.status === 'inconclusive';
}

/** The permissions that would let the triage see more. */
export function allow({ coverage: { denied } }: Diagnosis): readonly Block[] {
  return denied.length === 0 ? [] : [paragraph(text`To see more, allow ${andList(denied.map(code), denied.length)}.`)];
}

interface Blind {
  readonly missing: Missing;
  readonly causes: readonly string[];
}

/** One line for each thing that is missing, not for each cause that misses it. */
function byMissing({ undetermined }: Diagnosis): readonly Blind[] {
  const blinds = new Map<string, Blind>();
  for (const { cause, missing } of undetermined) {
    for (const one of missing) {
      const key = JSON.stringify([one.evidence, one.why, one.action, one.ids]);
      const known = blinds.get(key);
      blinds.set(key, { missing: known?.missing ?? one, causes: [...new Set([...(known?.causes ?? []), cause])] });
    }
  }
  return [...blinds.values()];
}

const IDS_AT_MOST = 5;

/** A target group by its name: its ARN is a line of its own. */
function nameOf(id: string): string {
  return id.includes(':targetgroup/') ? groupName(id) : id;
}

function whatIsMissing({ evidence, why, action, ids, detail }: Missing): Text {
  const of =
    ids === undefined || ids.length === 0
      ? []
      : text` (${andList([...new Set(ids.map(nameOf))].map(code), IDS_AT_MOST)})`;
  const call = action === undefined ? 'the call' : code(action);
  const reasons = {
    denied: text`${call} was denied`,
    throttled: text`${call} was throttled`,
    'timed-out': text`${call} did not answer in time`,
    failed: text`${call} failed`,
    'not-asked': 'was not asked for',
    partial: 'not all of it was seen',
  } as const;
  const said = detail === undefined ? undefined : verbatim(detail.replace(/\.$/, ''));
  const what = capitalise(words(EVIDENCE[evidence].name));
  // These two say nothing by themselves: what is known of them is in the detail.
  if (said !== undefined && (why === 'partial' || why === 'not-asked')) {
    return sentence(text`${what}${of}: ${said}`);
  }
  const more = said === undefined || why === 'denied' ? [] : text` (${said})`;
  return sentence(text`${what}${of}: ${reasons[why]}${more}`);
}
