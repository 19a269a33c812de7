import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Finding, ToldFix } from '../../incident/finding.ts';
import { andList, code, count, type Text, text, time, verbatim, words } from '../../incident/text.ts';
import { type Block, item, paragraph } from './block.ts';
import { citationSaid, ofIt, tellingProofs } from './citation.ts';
import { isOwnFault, secondCause } from './other-causes.ts';
import { includes, ofErrors, shareSaid, withoutFullStop } from './phrases.ts';
import { firstWay } from './remedy.ts';
import type { Room } from './room.ts';

/** The findings that are not the verdict, shortly: what, how strong, and the first thing to run. */
export function alsoFound(
  diagnosis: Diagnosis,
  { others: atMost, othersInBrief }: Pick<Room, 'others' | 'othersInBrief'>,
): readonly Block[] {
  const { verdict, findings, episode } = diagnosis;
  const others = (verdict.cause === null ? findings : findings.slice(1)).filter(({ waiting }) => !waiting);
  const told = verdict.cause === null ? [] : (findings[0]?.fixes ?? []);
  const [first] = verdict.cause === null ? [] : findings;
  const all = others.filter((finding) => !isMoot(finding));
  // What a quiet headline says already is no finding more.
  const more = all
    .slice(atMost)
    .filter(({ headline }) => verdict.status !== 'quiet' || !includes(verdict.headline, headline));
  const brief = more.slice(0, othersInBrief);
  const second = secondCause(diagnosis);
  const left = more.slice(othersInBrief).flatMap((one) => (one === second ? [] : [code(one.cause)]));
  return [
    ...all.slice(0, atMost).flatMap((finding, index) => {
      const before = [...(first === undefined ? [] : [first]), ...all.slice(0, index)];
      return shortly(finding, told, { isOwn: isOwnFault(finding, first), before, episode });
    }),
    ...brief.map((finding) => item(text`${withoutFullStop(finding.headline)} ${asAside(finding)}`)),
    ...(left.length === 0 ? [] : [item(text`${count(left.length, 'more finding')}: ${andList(left, 6)}`)]),
  ];
}

/** That it fails, and why: one of the two is said first. */
const PROOFS_OF_WAITING = 2;

/** What would keep it broken once the first causes are mended, each with what mends it, in order. */
export function nextBlockers(
  { findings, episode }: Diagnosis,
  { others: atMost, waysInBrief }: Pick<Room, 'others' | 'waysInBrief'>,
): readonly Block[] {
  const waiting = findings.filter((finding) => finding.waiting);
  // Its own fix comes after that of the first: the first to go where there is little room, but never unsaid.
  const inBrief = waysInBrief > 0;
  const inFull = atMost === 0 && inBrief ? 0 : Math.max(1, atMost);
  if (waiting.length === 0) return [];
  // Of a symptom, and of what explains nothing, no fix is told.
  const others = findings.filter((one) => !one.waiting && one.symptomOf === undefined && !isMoot(one));
  return [
    paragraph(
      words(
        waiting.length === 1
          ? 'This causes none of the errors yet, but requests would still fail once their cause is fixed:'
          : 'These cause none of the errors yet, but requests would still fail once their cause is fixed, for one after another:',
      ),
    ),
    ...waiting.slice(0, inFull).flatMap((finding, index) => {
      const before = [...others, ...waiting.slice(0, index)];
      const proofs = tellingProofs(finding, episode).slice(0, atMost === 0 ? 0 : PROOFS_OF_WAITING);
      const shows = [
        ...begunShortly(finding, false, before),
        ...proofs.map((citation) => citationSaid(ofIt(citation, finding.headline))),
      ];
      const told = before.flatMap(({ fixes }) => fixes);
      return [
        item(text`${withoutFullStop(finding.headline)} (${finding.cause})${proofsSaid(shows)}`),
        ...firstWay(finding, told),
      ];
    }),
    ...(inBrief ? waiting.slice(inFull) : []).map(({ headline, cause }) =>
      item(text`${withoutFullStop(headline)} (${cause})`),
    ),
  ];
}

/** What a finding is told beside. */
interface Beside extends Pick<Diagnosis, 'episode'> {
  /** It is a fault of its own. */
  readonly isOwn: boolean;
  readonly before: readonly Finding<Text>[];
}

/** A symptom, or an effect, needs no fix of its own; a fault of its own is told with when it began, and is to be mended, too. */
function shortly(
  finding: Finding<Text>,
  told: readonly ToldFix[],
  { isOwn, before, episode }: Beside,
): readonly Block[] {
  const [because] = tellingProofs(finding, episode);
  const shows = [
    ...begunShortly(finding, isOwn, before),
    ...(because === undefined ? [] : [citationSaid(ofIt(because, finding.headline))]),
  ];
  return [
    item(text`${withoutFullStop(finding.headline)} ${asAside(finding)}${proofsSaid(shows)}`),
    ...(finding.symptomOf === undefined && !finding.effect ? firstWay(finding, told) : []),
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

/** It is there or would fit, and the errors come from elsewhere: named among what is in effect, no more. */
function isMoot({ strength, share, symptomOf, capped, waiting }: Finding<Text>): boolean {
  const isSymptom = symptomOf !== undefined && capped !== undefined;
  return strength === 'circumstantial' && share === 0 && !waiting && !isSymptom;
}

/** Where it was sure of itself, with what shows it. */
function moot(finding: Finding<Text>, episode: Diagnosis['episode']): Block {
  const { headline, cause, capped } = finding;
  const [because] = tellingProofs(finding, episode);
  const proof = capped === undefined || because === undefined ? [] : text`: ${citationSaid(ofIt(because, headline))}`;
  return item(text`${withoutFullStop(headline)} (${cause}; causes none of these errors)${proof}`);
}

function asAside(finding: Finding<Text>): Text {
  const { strength, cause, share, effect, symptomOf, capped } = finding;
  if (symptomOf !== undefined) return text`(${cause}, ${strength}, caused by ${symptomOf})`;
  const explains =
    share === null
      ? effect && capped === undefined
        ? '; it began after the errors did'
        : ''
      : share === 0
        ? ', causes none of these errors'
        : text`, explains ${shareSaid(finding, share)} ${ofErrors(finding)}`;
  return text`(${cause}, ${strength}${explains}${capped === undefined || share === 0 ? '' : text`; ${verbatim(capped)}`})`;
}

/** What is no cause, and changes how the rest is to be read. */
export function circumstances(
  { verdict, findings, circumstances, episode }: Diagnosis,
  atMost: number,
): readonly Block[] {
  const others = verdict.cause === null ? findings : findings.slice(1);
  return [
    ...circumstances.map((one) => item(citationSaid(one))),
    ...others.filter(isMoot).map((one) => moot(one, episode)),
  ].slice(0, atMost);
}
