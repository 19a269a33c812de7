import { ERROR_KINDS } from '../../incident/cause.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import type { Citation, Finding, TargetRef, ToldFix } from '../../incident/finding.ts';
import {
  andList,
  code,
  duration,
  formatNumber,
  resource,
  type Text,
  type Time,
  text,
  time,
  verbatim,
  words,
} from '../../incident/text.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { inOrderOfTime } from '../proof-order.ts';
import { type Block, command, item, paragraph } from './block.ts';
import { includes, kindName, ofErrors, sentence, shareSaid, withoutFullStop } from './phrases.ts';
import { firstWay } from './remedy.ts';

/** What proves the first cause: the change that made it, what AWS shows, whom it hits, how much it explains. */
export function proof({ verdict, findings, episode }: Diagnosis): readonly Block[] {
  const [first] = findings;
  if (first === undefined || verdict.cause === null) return [];
  return [
    ...(includes(verdict.headline, first.headline) ? [] : [paragraph(sentence(first.headline))]),
    ...inOrderOfTime([...begun(first, episode), ...first.because]).map(proofSaid),
    ...affected(first),
    item(explained(first)),
    paragraph(text`What ${code(first.cause)} means, and what else looks like it:`),
    command(['alb-triage', 'explain', first.cause]),
  ];
}

/** The findings that are not the verdict, shortly: what, how strong, and the first thing to run. */
export function alsoFound({ verdict, findings }: Diagnosis): readonly Block[] {
  const others = (verdict.cause === null ? findings : findings.slice(1)).filter(({ waiting }) => !waiting);
  const told = verdict.cause === null ? [] : (findings[0]?.fixes ?? []);
  const [first] = verdict.cause === null ? [] : findings;
  return others
    .filter((finding) => !isMoot(finding))
    .flatMap((finding, index, all) => {
      const before = [...(first === undefined ? [] : [first]), ...all.slice(0, index)];
      return shortly(finding, told, isOwnFault(finding, first), before);
    });
}

/** That it fails, and why: one of the two is said first. */
const PROOFS_OF_WAITING = 2;

/** What would keep it broken once the first causes are mended, each with what mends it, in order. */
export function nextBlockers({ findings }: Diagnosis): readonly Block[] {
  const waiting = findings.filter((finding) => finding.waiting);
  if (waiting.length === 0) return [];
  // Of a symptom, and of what explains nothing, no fix is told.
  const others = findings.filter((one) => !one.waiting && one.symptomOf === undefined && !isMoot(one));
  const whatFollows = 'it would go on failing once what makes them is mended';
  return [
    paragraph(
      words(
        waiting.length === 1
          ? `None of the errors come of this, but ${whatFollows}:`
          : `None of the errors come of these, but ${whatFollows}, for one after the other:`,
      ),
    ),
    ...waiting.flatMap((finding, index) => {
      const before = [...others, ...waiting.slice(0, index)];
      const proofs = finding.because.slice(0, PROOFS_OF_WAITING);
      const shows = [
        ...begunShortly(finding, false, before),
        ...proofs.map((citation) => citationSaid(ofIt(citation, finding.headline))),
      ];
      const told = before.flatMap(({ fixes }) => fixes);
      return [
        item(text`${withoutFullStop(finding.headline)} (${finding.cause})${proofsSaid(shows)}`),
        ...firstWay(finding.fixes, told, 'Fix, after that'),
      ];
    }),
  ];
}

/** A symptom needs no fix of its own; a fault of its own is told with when it began, and is to be mended, too. */
function shortly(
  finding: Finding<Text>,
  told: readonly ToldFix[],
  isOwn: boolean,
  before: readonly Finding<Text>[],
): readonly Block[] {
  const [because] = finding.because;
  const shows = [
    ...begunShortly(finding, isOwn, before),
    ...(because === undefined ? [] : [citationSaid(ofIt(because, finding.headline))]),
  ];
  return [
    item(text`${withoutFullStop(finding.headline)} ${asAside(finding)}${proofsSaid(shows)}`),
    ...(finding.symptomOf === undefined ? firstWay(finding.fixes, told, isOwn ? 'Fix' : 'Fix, if that is it') : []),
  ];
}

const proofsSaid = (shows: readonly Text[]): Text =>
  shows.flatMap((each, index) => (index === 0 ? text`: ${each}` : text`; ${each}`));

/** Who changed what stays with it, wherever it is told; but what made one that was told before is told there. */
function begunShortly(
  { since, older, change }: Finding<Text>,
  isOwn: boolean,
  before: readonly Finding<Text>[],
): readonly Text[] {
  if (change !== undefined) {
    const isTold = before.some((one) => one.change?.at === change.at && one.change.what === change.what);
    return isTold ? [] : [text`changed at ${time(change.at)} by ${code(change.who)}: ${verbatim(change.what)}`];
  }
  return since === undefined || !isOwn ? [] : [text`since ${older ? 'before ' : ''}${time(since)}`];
}

/** A second fault at once: it is known to be there, and makes errors that the first does not. */
function isOwnFault(
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

/** It is there or would fit, and the errors come from elsewhere: named among what is in effect, no more. */
function isMoot({ strength, share, symptomOf, capped, waiting }: Finding<Text>): boolean {
  const isSymptom = symptomOf !== undefined && capped !== undefined;
  return strength === 'circumstantial' && share === 0 && !waiting && !isSymptom;
}

/** Where it was sure of itself, with what shows it. */
function moot({ headline, cause, capped, because: [because] }: Finding<Text>): Block {
  const proof = capped === undefined || because === undefined ? [] : text`: ${citationSaid(ofIt(because, headline))}`;
  return item(text`${withoutFullStop(headline)} (${cause}; none of these errors come of it)${proof}`);
}

function asAside(finding: Finding<Text>): Text {
  const { strength, cause, share, symptomOf, capped } = finding;
  if (symptomOf !== undefined) return text`(${cause}, ${strength}, brought about by ${symptomOf})`;
  const explains =
    share === null
      ? ''
      : share === 0
        ? ', makes none of these errors'
        : text`, explains ${shareSaid(finding, share)} ${ofErrors(finding)}`;
  return text`(${cause}, ${strength}${explains}${capped === undefined || share === 0 ? '' : text`; ${verbatim(capped)}`})`;
}

/** What is no cause, and changes how the rest is to be read. */
export function circumstances({ verdict, findings, circumstances }: Diagnosis): readonly Block[] {
  const others = verdict.cause === null ? findings : findings.slice(1);
  return [...circumstances.map((one) => item(citationSaid(one))), ...others.filter(isMoot).map(moot)];
}

/** The change that made it, or when it began, where that is not when the errors did: the opening tells that. */
function begun({ change, since, older }: Finding<Text>, episode: Diagnosis['episode']): readonly Proof[] {
  if (change !== undefined) {
    const { at, who, what } = change;
    const shows = text`Changed at ${time(at)} by ${code(who)}: ${verbatim(what)}${beforeErrors(at, episode)}`;
    return [{ shows, at }];
  }
  // With the errors: said already, and at the edge of what was read the first minute of it dates nothing.
  return since === undefined || since === episode?.onset
    ? []
    : [
        {
          shows: text`It began at ${time(since)}${older ? ', where what was read begins, or earlier' : ''}`,
          at: since,
        },
      ];
}

/** A citation, or what the finding itself tells of its beginning. */
type Proof = Omit<Citation<Text>, 'from'> & Partial<Pick<Citation<Text>, 'from'>>;

function proofSaid({ from, ...told }: Proof): Block {
  return item(from === undefined ? told.shows : citationSaid({ from, ...told }));
}

/** `, 4 min before the first error`: what makes a change a cause. Errors are counted by the minute. */
function beforeErrors(at: Time, episode: Diagnosis['episode']): Text {
  if (episode === null || episode.older) return [];
  const seconds = secondsBetween(at, episode.onset);
  if (!(seconds > -60)) return [];
  const first = episode.of === 'errors' ? 'the first error' : 'the first failing target';
  return seconds < 60 ? text`, within a minute of ${first}` : text`, ${duration(seconds)} before ${first}`;
}

function citationSaid({ from, shows, at }: Citation<Text>): Text {
  // Words that tell the time themselves need no time before them.
  const told = shows.some((part) => part.kind === 'time' && part.at === at);
  const when = at === undefined || told ? [] : text`${time(at)}: `;
  return text`${when}${withoutFullStop(shows)} (${EVIDENCE[from].name})`;
}

/** What a sentence has begun with is not named again in the same breath. */
function ofIt(citation: Citation<Text>, [subject, verb]: Text): Citation<Text> {
  const [first, ...rest] = citation.shows;
  const isSame = first?.kind === 'resource' && subject?.kind === 'resource' && first.text === subject.text;
  const isAlone = verb?.kind === 'word' && /^ (?!and\b)[a-z]/.test(verb.text);
  if (!isSame || !isAlone || rest[0]?.kind !== 'word' || !/^ [a-z(]/.test(rest[0].text)) return citation;
  const [opened, , closed, ...more] = rest;
  const isNamed = opened?.kind === 'word' && opened.text === ' (' && closed?.kind === 'word' && closed.text[0] === ')';
  return { ...citation, shows: text`it${isNamed ? [{ ...closed, text: closed.text.slice(1) }, ...more] : rest}` };
}

const TARGETS_AT_MOST = 6;

function affected({ affected: { targetGroups, targets, omitted, of } }: Finding<Text>): readonly Block[] {
  const groups = andList(
    targetGroups.map((arn) => resource(groupName(arn))),
    4,
  );
  const hit = targets.length + omitted;
  if (hit === 0) return targetGroups.length === 0 ? [] : [item(text`Affects target group ${groups}`)];
  const names = targets.slice(0, TARGETS_AT_MOST).map(targetName);
  const rest = hit - names.length;
  const all =
    hit === of
      ? of === 2
        ? 'both'
        : text`all ${formatNumber(of)}`
      : text`${formatNumber(hit)} of ${formatNumber(of)}`;
  const said =
    rest === 0 ? andList(names, names.length) : andList([...names, text`${formatNumber(rest)} more`], names.length + 1);
  return [item(text`Affects ${of === 1 ? 'the only target' : text`${all} targets`} of ${groups}: ${said}`)];
}

function targetName({ id, port, zone }: TargetRef): Text {
  return text`${resource(id)}${port === null ? '' : text` port ${port}`}${zone === undefined ? '' : text` in ${code(zone)}`}`;
}

function explained(finding: Finding<Text>): Text {
  const { explains, share, usual } = finding;
  const kinds = explains.length === ERROR_KINDS.length ? 'any 5xx' : andList(explains.map(kindName), 6);
  if (explains.length === 0) return text`It makes no 5xx by itself`;
  if (share === null) return text`It can make ${kinds}`;
  return text`It can make ${kinds}, and explains ${shareSaid(finding, share)} ${ofErrors(finding)}${usual === undefined ? ' seen' : text` (about ${formatNumber(usual)} do)`}${toldApart(finding)}`;
}

/** How the errors are known to be of the groups it affects, and not of others. */
function toldApart({ attribution = [], affected: { targetGroups } }: Finding<Text>): Text {
  const here = targetGroups.length > 1 ? 'these target groups' : 'this target group';
  const [only, ...more] = attribution;
  if (only === undefined) return [];
  if (more.length === 0) {
    return only.by === null
      ? text`: AWS does not tell from which target group they come`
      : text`; how many of them come from ${here} is known by ${verbatim(only.by)}`;
  }
  return attribution.flatMap(({ kinds, by }) => {
    // The name of the targets' own begins with one.
    const article = kinds[0] === 'target5xx' ? '' : 'the ';
    const named = text`${article}${andList(kinds.map(kindName), kinds.length)}`;
    return by === null
      ? text`; from which target group ${named} come, AWS does not tell`
      : text`; how many of ${named} come from ${here} is known by ${verbatim(by)}`;
  });
}
