import { type CauseId, categoryOf } from '../../incident/cause.ts';
import type { Diagnosis, Missing } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import { andList, code, count, phrase, type Text, text, verbatim, words } from '../../incident/text.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { type Block, item, itemUnder } from './block.ts';
import { allow } from './coverage.ts';
import { capitalise, sentence } from './phrases.ts';

/** So many causes are named where there is little room; more are counted. */
const CAUSES_AT_MOST = 4;
/** A reason of one thing alone is told in so many characters, else in general. */
const SHORT = 60;
/** More causes than these in one sentence are hard to read. */
const IN_A_SENTENCE = 8;

/** What could not be seen: what to allow, and which causes wait for it. Nothing is only counted. */
export function unseenBlocks(diagnosis: Diagnosis, atMost = Number.POSITIVE_INFINITY): readonly Block[] {
  const blinds = byMissing(diagnosis);
  const shown = blinds.length > atMost ? blinds.slice(0, Math.max(0, atMost - 1)) : blinds;
  return [
    ...shown.flatMap((blind) => inFull(blind, Number.isFinite(atMost))),
    ...inShort(blinds.slice(shown.length)),
    ...(atMost === 0 ? [] : lessSeen(diagnosis)),
    ...(atMost === 0 || diagnosis.advice === undefined ? [] : [item(diagnosis.advice)]),
    ...diagnosis.broken.map(({ cause, error }) =>
      item(text`${code(cause)}: judging it failed, which is a bug in alb-triage: ${verbatim(error)}`),
    ),
    ...(toldAtOnce(diagnosis) || (atMost === 0 && areNamed(diagnosis, blinds)) ? [] : allow(diagnosis)),
  ];
}

/** What would have told more of what was found: no cause waits for it, but a reader may think that it was looked at. */
function lessSeen({ foundWithout = [] }: Diagnosis): readonly Block[] {
  if (foundWithout.length === 0) return [];
  const missing = foundWithout.flatMap((one) => one.missing);
  const reasons = [...new Set(missing.map(({ evidence, why, action }) => JSON.stringify([evidence, why, action])))].map(
    (key) => missing.find(({ evidence, why, action }) => JSON.stringify([evidence, why, action]) === key),
  );
  const named = reasons.flatMap((one) =>
    one === undefined ? [] : [text`${words(EVIDENCE[one.evidence].name)} (${reasonSaid(one)})`],
  );
  const causes = [...new Set(foundWithout.map(({ cause }) => cause))].map(code);
  return [
    item(
      text`Also not seen: ${andList(named, named.length)}. More would be known of ${andList(causes, causes.length)}.`,
    ),
  ];
}

/** Where there is least room, a call that was denied need not be named a second time as what to allow. */
function areNamed({ coverage: { denied } }: Diagnosis, blinds: readonly Blind[]): boolean {
  return denied.every((action) => blinds.some(({ missing }) => missing.why === 'denied' && missing.action === action));
}

/** Without a verdict, what to allow is what to do next: it stands at the top already. */
function toldAtOnce({ kind, verdict }: Diagnosis): boolean {
  return kind === 'failed' || verdict.status === 'inconclusive';
}

/** The same of what was changed, for where there is room for a line: who sees none must know that there may be some. */
export function changesNotSeen({ changesUnseen: [first, ...others] = [], coverage }: Diagnosis): readonly Block[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? [] : text` ${count(others.length, 'more part')} of them not seen.`;
  const isRefused = first.action !== undefined && coverage.denied.includes(first.action);
  const toAllow = isRefused ? text` To see them, allow ${code(first.action ?? '')}.` : [];
  return [item(text`${whatIsMissing(first)}${more}${toAllow}`)];
}

interface Blind {
  readonly missing: Missing;
  readonly causes: readonly CauseId[];
}

function inFull({ missing, causes }: Blind, isShort: boolean): readonly Block[] {
  const what = whatIsMissing(missing);
  if (isShort || causes.length <= IN_A_SENTENCE) return [item(text`${what}${notJudged(causes)}`)];
  const categories = [...new Set(causes.map((cause) => categoryOf(cause)))];
  return [
    item(text`${what} So not judged, by category:`),
    ...categories.map((category) => {
      const ids = causes.filter((cause) => categoryOf(cause) === category).map(code);
      return itemUnder(text`${code(category)}: ${andList(ids, ids.length)}`);
    }),
  ];
}

function notJudged(causes: readonly CauseId[]): Text {
  if (causes.length === 0) return [];
  if (causes.length > IN_A_SENTENCE) return text` So ${count(causes.length, 'cause')} could not be judged.`;
  return text` So not judged: ${andList(causes.map(code), causes.length)}.`;
}

/** What is missing for the same reason in one sentence, by its kind, with what would have to be allowed. */
function inShort(blinds: readonly Blind[]): readonly Block[] {
  const isShared = ({ why, detail }: Missing): boolean => {
    const alike = blinds.filter(({ missing }) => missing.why === why);
    return (
      (alike.length === 1 && (detail ?? '').length <= SHORT) ||
      alike.filter(({ missing }) => missing.detail === detail).length > 1
    );
  };
  const reasonOf = ({ missing }: Blind): string =>
    missing.why === 'partial' && missing.detail !== undefined && isShared(missing) ? missing.detail : WHY[missing.why];
  return [...new Set(blinds.map(reasonOf))].map((reason) => {
    const of = blinds.filter((blind) => reasonOf(blind) === reason);
    const causes = [...new Set(of.flatMap((blind) => blind.causes))];
    const kinds = capitalise(kindsOf(of.map(({ missing }) => missing)));
    const named = causes.length > CAUSES_AT_MOST ? '' : notJudged(causes);
    return item(text`${kinds}: ${verbatim(reason.replace(/\.$/, ''))}.${named}`);
  });
}

const WHY = {
  denied: 'AWS denied the call',
  throttled: 'AWS throttled the call',
  'timed-out': 'AWS did not answer in time',
  failed: 'the call failed',
  'not-asked': 'not asked for',
  partial: 'seen only in part',
} as const satisfies Record<Missing['why'], string>;

/** With the call that shows it, where that is what failed. */
function kindsOf(missing: readonly Missing[]): Text {
  const calls = [...new Set(missing.map(callOf))];
  const kinds = calls.flatMap((call) => {
    const of = missing.filter((one) => callOf(one) === call).map(({ evidence }) => EVIDENCE[evidence].name);
    const names = [...new Set(of)].map((name) => words(name));
    // A call by a name of its own shows all of them.
    return call === undefined ? names : [text`${andList(names, names.length)} (${code(call)})`];
  });
  return andList(kinds, kinds.length);
}

const callOf = ({ why, action }: Missing): string | undefined => (why === 'partial' ? undefined : action);

/** One line for each thing that is missing, not for each cause that misses it. */
function byMissing({ undetermined, changesUnseen = [] }: Diagnosis): readonly Blind[] {
  const blinds = new Map<string, Blind>();
  const add = (one: Missing, waiting: readonly CauseId[]) => {
    const key = JSON.stringify([one.evidence, one.why, one.action, one.ids, one.omitted]);
    const { missing = one, causes = [] } = blinds.get(key) ?? {};
    blinds.set(key, { missing, causes: [...new Set([...causes, ...waiting])] });
  };
  for (const { cause, missing } of undetermined) for (const one of missing) add(one, [cause]);
  // No cause waits for changes, but who sees none must know that there may be some.
  for (const one of changesUnseen) add(one, []);
  // What somebody can mend comes first: a call that AWS refused, not what it never tells.
  const isRefused = ({ missing: { why } }: Blind): boolean => why !== 'partial' && why !== 'not-asked';
  const all = underTheirReasons([...blinds.values()]);
  return [...all.filter(isRefused), ...all.filter((one) => !isRefused(one))];
}

/** Where a call for all of it failed, what is missing of a part is missing for that: one line, with all causes that wait. */
function underTheirReasons(blinds: readonly Blind[]): readonly Blind[] {
  const isOfAll = ({ missing: { why, ids } }: Blind): boolean =>
    why !== 'partial' && why !== 'not-asked' && (ids === undefined || ids.length === 0);
  const reasonOf = (blind: Blind): Blind | undefined =>
    isOfAll(blind) ? undefined : blinds.find((one) => isOfAll(one) && one.missing.evidence === blind.missing.evidence);
  return blinds.flatMap((blind) => {
    if (reasonOf(blind) !== undefined) return [];
    const waiting = blinds.filter((one) => reasonOf(one) === blind).flatMap(({ causes }) => causes);
    return [{ ...blind, causes: [...new Set([...blind.causes, ...waiting])] }];
  });
}

const IDS_AT_MOST = 5;

/** A target group by its name: its ARN is a line of its own. */
function nameOf(id: string): string {
  return id.includes(':targetgroup/') ? groupName(id) : id;
}

export function whatIsMissing({ evidence, why, action, ids, omitted = 0, detail }: Missing): Text {
  const of = ids === undefined || ids.length === 0 ? [] : text` (${someOf([...new Set(ids.map(nameOf))], omitted)})`;
  const what = capitalise(words(EVIDENCE[evidence].name));
  return sentence(text`${what}${of}: ${reasonSaid({ why, action, detail })}`);
}

/** A few of them, and how many more there are: those left out of the report among them. */
function someOf(ids: readonly string[], omitted: number): Text {
  if (omitted === 0) return andList(ids.map(code), IDS_AT_MOST);
  const shown = ids.slice(0, IDS_AT_MOST - 1);
  const more = phrase`${ids.length - shown.length + omitted} more`;
  return andList([...shown.map(code), more], IDS_AT_MOST);
}

/** Once: what AWS answered names the call, or says all that there is to say. */
export function reasonSaid({ why, action, detail }: Pick<Missing, 'why'> & Unread): Text {
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
  readonly action?: string | undefined;
  readonly detail?: string | undefined;
}
