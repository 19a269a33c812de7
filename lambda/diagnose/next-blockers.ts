import { COMES_OF_FAILING_CHECKS } from '../causes/cause.ts';
import type { Moment } from '../computed/fact.ts';
import type { CauseId, ErrorKind } from '../incident/cause.ts';
import type { Symptoms } from '../incident/diagnosis.ts';
import type { TargetRef } from '../incident/finding.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { type EpisodeSpan, totalErrors } from '../semantics/errors/episode.ts';
import { SHUT_OFF } from '../semantics/network/shut-off.ts';
import { secondsBetween, sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { TARGET_ANSWERS } from '../semantics/traffic/target-traffic.ts';
import { causeOf } from './rank.ts';
import { servedWithout } from './served-without.ts';
import { EXPLAINING_SHARE, HARDLY, OF_REMOVAL } from './share.ts';
import { isLate, isOfThen } from './state-age.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/** The newest minutes, in which whoever can answer does. */
const LATELY = 5;

/** What is weighed: the incident as the engine knows it. */
export interface Incident {
  readonly symptoms: Symptoms;
  readonly episode: EpisodeSpan | null;
  readonly evidence: ObservedEvidence;
  readonly moment: Moment;
}

/**
 * What makes none of today's errors and would keep it broken once what does is mended: a fault that AWS shows as it stands
 * now, in groups whose errors something else makes and whose targets answer nothing: what answers is not broken. Told as
 * "then", below all that explain errors, in the order in which requests meet it.
 */
export function withNextBlockers(ranked: readonly FindingWithShare[], incident: Incident): readonly FindingWithShare[] {
  const { targetGroupMetrics } = incident.evidence;
  const metrics = ifSeen(targetGroupMetrics);
  const unread = missingIds(targetGroupMetrics);
  const isUnread = (arn: string): boolean => metrics === undefined || unread.has(arn);
  const answers = (arn: string): boolean => {
    const values = metrics?.of.find(({ id }) => id === arn)?.values;
    const lately = { first: (metrics?.grid.minutes ?? 0) - LATELY, last: metrics?.grid.minutes ?? 0 };
    return unread.has(arn) || TARGET_ANSWERS.some((name) => (sumOf(valuesIn(values?.[name], lately)) ?? 0) > 0);
  };
  const served = (arn: string): boolean => {
    const values = metrics?.of.find(({ id }) => id === arn)?.values;
    return TARGET_ANSWERS.some((name) => (sumOf(values?.[name] ?? []) ?? 0) > 0);
  };
  const told = ranked.map((finding): FindingWithShare => {
    const { targetGroups, targets } = finding.found.affects;
    // What holds no target and was never seen to answer is not known to be missed.
    const isMissed = targets.length > 0 || targetGroups.some(served);
    const mayWait = !isLate(incident.moment);
    const isBroken = metrics !== undefined && isMissed && !targetGroups.some(answers);
    if (mayWait && targetGroups.some(isUnread)) return unmet(finding, ranked, incident);
    const above = isBroken && mayWait ? inFrontOf(finding, ranked, incident) : [];
    if (above.length === 0) return finding;
    return servedWithout(finding, incident) ? aside(finding) : inWaiting(finding, above);
  });
  const waiting = told.filter(({ blocks }) => blocks !== undefined);
  // What was sure, and may not be met, does not stand above what is.
  const isUnmet = (one: FindingWithShare): boolean =>
    isConfident(ranked[told.indexOf(one)] ?? one) && !isConfident(one);
  const inPlace = told.filter(({ blocks }) => blocks === undefined);
  const others = [...inPlace.filter((one) => !isUnmet(one)), ...inPlace.filter(isUnmet)].map((one) =>
    broughtAbout(one, waiting),
  );
  const explaining = others.findLastIndex(({ share }) => (share ?? 0) > 0);
  return [...others.slice(0, explaining + 1), ...alongThePath(waiting), ...others.slice(explaining + 1)];
}

function inWaiting(finding: FindingWithShare, above: readonly FindingWithShare[]): FindingWithShare {
  const { change, ...found } = finding.found;
  // What led to the errors led to those above: this one it only came before.
  const isTheirs = change?.at !== found.since && above.some((one) => one.found.change?.at === change?.at);
  return {
    ...finding,
    found: { ...found, strength: 'circumstantial', ...(change === undefined || isTheirs ? {} : { change }) },
    share: 0,
    ...(isConfident(finding) ? { capped: 'no request has got that far' } : {}),
    blocks: [...new Set(above.map((one) => one.cause.id))],
  };
}

/** Whether its targets answer anything was not seen: where another drops all that is sent to them, nobody knows that it is met. */
function unmet(finding: FindingWithShare, ranked: readonly FindingWithShare[], incident: Incident): FindingWithShare {
  if (!isConfident(finding) || !ranked.some((other) => dropsAllFor(other, finding, incident))) return finding;
  const found = { ...finding.found, strength: 'circumstantial' as const };
  return { ...finding, found, capped: 'whether any request gets that far was not seen' };
}

/** It keeps a part of the targets away, as it did while the others served: neither the errors nor their end are its doing. */
function aside(finding: FindingWithShare): FindingWithShare {
  const found = { ...finding.found, strength: 'circumstantial' as const };
  return { ...finding, found, share: 0, capped: 'the other targets served without these', harmless: true };
}

/** A loop of replacement tells that checks fail: where those make no errors yet, neither does the loop. */
function broughtAbout(finding: FindingWithShare, waiting: readonly FindingWithShare[]): FindingWithShare {
  const { cause, found } = finding;
  if (isConfident(finding) || !COMES_OF_FAILING_CHECKS.includes(cause.id)) return finding;
  const groups = found.affects.targetGroups;
  const of = waiting.find(
    (one) => one.cause.breaksHealthChecks && groups.every((arn) => one.found.affects.targetGroups.includes(arn)),
  );
  return of === undefined || groups.length === 0 ? finding : { ...finding, share: 0, comesOf: of.cause.id };
}

/** What makes the errors of its groups, and has to be mended first. What comes of that goes with it. */
function inFrontOf(
  finding: FindingWithShare,
  ranked: readonly FindingWithShare[],
  incident: Incident,
): readonly FindingWithShare[] {
  const { found, cause } = finding;
  if (found.explains.length === 0 || causeOf(finding, ranked) !== undefined) return [];
  const isNext = comesNext(finding, incident.symptoms);
  if (!isNext && !isKnownHarmless(finding)) return ranked.filter((other) => dropsAllFor(other, finding, incident));
  // Checks that fail bring about what fails for lack of targets, whatever the state of these tells.
  const mayBring = !isNext || cause.breaksHealthChecks ? cause.causes : [];
  return ranked.filter(
    (other) =>
      other.cause.id !== cause.id &&
      isConfident(other) &&
      causeOf(other, ranked) === undefined &&
      (other.share ?? 0) >= EXPLAINING_SHARE &&
      (other.found.asSet === true || !mayBring.includes(other.cause.id)) &&
      [...other.found.affects.targetGroups, ...(other.found.hides ?? [])].some((arn) =>
        found.affects.targetGroups.includes(arn),
      ),
  );
}

/** Tolerance for clocks and for whole-minute metrics, in seconds. */
const SLACK = 120;

/**
 * Both are proved by state, and could make the same errors: what drops every packet on the way makes them, and what is at the
 * end of the way is not met. Had it been met, it would have made errors of its other kinds, or before the way was shut.
 */
function dropsAllFor(
  { cause, found: drop, share, ofAll }: FindingWithShare,
  { cause: behind, found, share: own, ofAll: ownOfAll }: FindingWithShare,
  { symptoms, episode }: Incident,
): boolean {
  if (!SHUT_OFF.includes(cause.id) || !AT_THE_END.includes(behind.id)) return false;
  if (drop.strength !== 'decisive' || found.strength !== 'decisive' || episode === null) return false;
  if (
    [drop, found].some(({ because: [proof] }) => isOfThen(proof.from)) ||
    (ofAll ?? share ?? 0) < Math.max(ownOfAll ?? own ?? 0, HARDLY)
  )
    return false;
  if (drop.since !== undefined && secondsBetween(episode.onset, drop.since) > SLACK) return false;
  const dropped = new Set(drop.affects.targets.map(keyOf));
  const all = totalErrors(symptoms);
  const others = found.explains.filter((kind) => !drop.explains.includes(kind));
  return (
    found.affects.targets.length > 0 &&
    found.affects.targets.every((target) => dropped.has(keyOf(target))) &&
    all !== null &&
    others.every((kind) => isHardlySeen(kind, symptoms, all))
  );
}

const AT_THE_END: readonly CauseId[] = ['wrong-target-port', 'nothing-listening', 'tls-on-http-target-group'];

const keyOf = ({ targetGroup, id, port }: TargetRef): string => JSON.stringify([targetGroup, id, port]);

function isHardlySeen(kind: ErrorKind, symptoms: Symptoms, all: number): boolean {
  const count = kind === 'target5xx' ? symptoms.target5xx : symptoms.elb[kind];
  return count !== null && count < HARDLY * all;
}

/** Where only checks fail, all targets get requests, and may answer them. */
const OF_CHECKS_ALONE: readonly CauseId[] = [
  'health-check-code-mismatch',
  'health-check-port-mismatch',
  'health-check-timeout-too-short',
];

/** It was sure of itself, and the errors speak against it. */
function isKnownHarmless({ harmless, found, cause }: FindingWithShare): boolean {
  return harmless === true && !isOfThen(found.because[0].from) && !OF_CHECKS_ALONE.includes(cause.id);
}

/**
 * What is there but not reached yet explains errors only as what takes targets away would: errors that it would make itself
 * show that it is reached.
 */
function comesNext({ found, capped }: FindingWithShare, symptoms: Symptoms): boolean {
  const all = totalErrors(symptoms);
  if (found.comesNext !== true || capped !== undefined || all === null || found.strength !== 'circumstantial')
    return false;
  const own = found.explains.filter((kind) => !OF_REMOVAL.some((one) => one === kind));
  return own.every((kind) => isHardlySeen(kind, symptoms, all));
}

/** Whether there are targets, whether the network lets through to them, the port, what is spoken there, the checks. */
const PATH: readonly CauseId[] = [
  'no-running-tasks',
  'deployment-failing',
  'no-registered-targets',
  'instance-not-running',
  'zone-not-enabled',
  'zone-without-targets',
  'lambda-target-not-invokable',
  'lambda-target-failing',
  'route-missing',
  'load-balancer-security-group-closed',
  'network-acl-blocks',
  'target-security-group-closed',
  'host-firewall',
  'wrong-target-port',
  'nothing-listening',
  'tls-on-http-target-group',
  'tls-handshake-failing',
  'protocol-version-mismatch',
  'health-check-port-mismatch',
  'health-check-code-mismatch',
  'health-check-timeout-too-short',
];

/** What is no part of the path keeps its place, after what is. */
function alongThePath(waiting: readonly FindingWithShare[]): readonly FindingWithShare[] {
  const placeOf = ({ cause: { id } }: FindingWithShare) => (PATH.includes(id) ? PATH.indexOf(id) : PATH.length);
  return [...waiting].sort((one, other) => placeOf(one) - placeOf(other));
}
