import { ERROR_KINDS } from '../../incident/cause.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Citation, Finding, TargetRef } from '../../incident/finding.ts';
import {
  andList,
  anyOf,
  code,
  count,
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
import { citationSaid, tellingProofs } from './citation.ts';
import { includes, kindName, ofErrors, sentence, shareSaid } from './phrases.ts';
import type { Room } from './room.ts';

/** What proves the first cause: the change that made it, what AWS shows, whom it hits, how much it explains. */
export function proof(diagnosis: Diagnosis, room: Pick<Room, 'proofs' | 'targets'>): readonly Block[] {
  const { verdict, findings } = diagnosis;
  const atMost = room.proofs;
  const [found] = findings;
  if (found === undefined || verdict.cause === null) return [];
  // Each an object of its own, though one be cited twice.
  const first = { ...found, because: found.because.map((one) => ({ ...one })) };
  const proofs = inOrderOfTime([...begun(first, diagnosis), ...first.because]);
  const telling = new Set(mostTelling(first, proofs, diagnosis.episode).slice(0, atMost));
  return [
    ...(includes(verdict.headline, first.headline) ? [] : [paragraph(sentence(first.headline))]),
    ...proofs.filter((one) => telling.has(one)).map(proofSaid),
    ...(proofs.length <= atMost ? [] : [item(text`and ${count(proofs.length - atMost, 'more proof')}`)]),
    ...affected(first, room.targets),
    item(explained(first, atMost)),
  ];
}

/** The page of the cause that is found. */
export function meaning({ verdict: { cause } }: Diagnosis): readonly Block[] {
  if (cause === null) return [];
  return [
    paragraph(words('What this means, and how to tell it from similar faults:')),
    command(['alb-triage', 'explain', cause]),
  ];
}

/** The change that made it, or when it began, where that is not when the errors did: the opening tells that. */
function begun({ change, since, older }: Finding<Text>, diagnosis: Diagnosis): readonly Proof[] {
  const { episode } = diagnosis;
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
          shows: text`${beganSaid(since, diagnosis)} at ${time(since)}${older ? ' or earlier: what was read starts there' : beforeErrors(since, diagnosis.episode)}`,
          at: since,
        },
      ];
}

/** What shows after the errors did may have been there before. */
function beganSaid(since: Time, { verdict, episode }: Diagnosis) {
  if (episode !== null && secondsBetween(episode.onset, since) >= 60) return 'The first sign of this cause came';
  return verdict.status === 'identified' ? 'The cause began' : 'What is suspected began';
}

/** Where not all have room: who changed what, then what decides, as the cause puts it; when it began comes last. */
function mostTelling(
  finding: Finding<Text>,
  proofs: readonly Proof[],
  episode: Diagnosis['episode'],
): readonly Proof[] {
  const told = tellingProofs(finding, episode);
  const [isTelling, isCited] = [new Set<Proof>(told), new Set<Proof>(finding.because)];
  const own = proofs.filter((proof) => !isCited.has(proof));
  const others = finding.because.filter((one) => !isTelling.has(one));
  return finding.change === undefined ? [...told, ...others, ...own] : [...own, ...told, ...others];
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

function affected(
  { affected: { targetGroups, targets, omitted, of } }: Finding<Text>,
  atMost: number,
): readonly Block[] {
  const groups = andList(
    targetGroups.map((arn) => resource(groupName(arn))),
    4,
  );
  const hit = targets.length + omitted;
  if (hit === 0) return targetGroups.length === 0 ? [] : [item(text`Affects target group ${groups}`)];
  const names = targets.slice(0, atMost).map(targetName);
  const rest = hit - names.length;
  const all =
    hit === of
      ? of === 2
        ? 'both'
        : text`all ${formatNumber(of)}`
      : text`${formatNumber(hit)} of ${formatNumber(of)}`;
  const said =
    rest === 0 ? andList(names, names.length) : andList([...names, text`${formatNumber(rest)} more`], names.length + 1);
  const named = atMost === 0 ? [] : text`: ${said}`;
  return [item(text`Affects ${of === 1 ? 'the only target' : text`${all} targets`} of ${groups}${named}`)];
}

function targetName({ id, port, zone }: TargetRef): Text {
  return text`${resource(id)}${port === null ? '' : text` port ${port}`}${zone === undefined ? '' : text` in ${code(zone)}`}`;
}

const FEW_PROOFS = 2;

function explained(finding: Finding<Text>, atMost: number): Text {
  const { explains: kindsOf, share, effect, usual } = finding;
  if (kindsOf.length === 0) return text`It causes no 5xx by itself`;
  const kinds = kindsOf.length === ERROR_KINDS.length ? text`any 5xx` : eitherOf(kindsOf);
  const shows = text`such a fault shows as ${kinds}`;
  if (effect) return text`The fault began after the errors did, and is not what made them begin; ${shows}`;
  if (share === null) return text`How many errors it explains was not seen; ${shows}`;
  const all = usual === undefined ? ' seen' : text` (about ${formatNumber(usual)} do)`;
  const explains = text`Explains ${shareSaid(finding, share)} ${ofErrors(finding)}${all}`;
  // Which kinds it may make is for who has room to compare.
  if (atMost <= FEW_PROOFS) return explains;
  return text`${explains}; ${shows}${Number.isFinite(atMost) ? '' : toldApart(finding)}`;
}

/** `502, 503 or 504`: in the order of the codes, whoever found it. */
function eitherOf(explains: Finding<Text>['explains']): Text {
  return anyOf(ERROR_KINDS.filter((kind) => explains.includes(kind)).map(kindName));
}

/** How the errors are known to be of the groups it affects, and not of others. */
function toldApart({ attribution = [], affected: { targetGroups } }: Finding<Text>): Text {
  const here = targetGroups.length > 1 ? 'these target groups' : 'this target group';
  const [only, ...more] = attribution;
  if (only === undefined) return [];
  if (more.length === 0) {
    return only.by === null
      ? text`; AWS does not show which target group they come from`
      : text`; how many of them come from ${here} is known from ${verbatim(only.by)}`;
  }
  return attribution.flatMap(({ kinds, by }) => {
    // The name of the targets' own begins with one.
    const article = kinds[0] === 'target5xx' ? '' : 'the ';
    const named = text`${article}${andList(kinds.map(kindName), kinds.length)}`;
    return by === null
      ? text`; AWS does not show which target group ${named} come from`
      : text`; how many of ${named} come from ${here} is known from ${verbatim(by)}`;
  });
}
