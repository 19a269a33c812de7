import type { Moment } from '../computed/fact.ts';
import type { CauseId } from '../incident/cause.ts';
import type { Symptoms } from '../incident/diagnosis.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { totalErrors } from '../semantics/errors/episode.ts';
import { sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { TARGET_ANSWERS } from '../semantics/traffic/target-traffic.ts';
import { causeOf, isConfident } from './rank.ts';
import { EXPLAINING_SHARE, HARDLY, OF_REMOVAL } from './share.ts';
import { isLate, isOfThen } from './state-age.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/** The newest minutes, in which whoever can answer does. */
const LATELY = 5;

/**
 * What makes none of today's errors and would keep it broken once what does is mended: a fault that AWS shows as it stands
 * now, in groups whose errors something else makes and whose targets answer nothing: what answers is not broken. Told as
 * "then", below all that explain errors, in the order in which requests meet it.
 */
export function withNextBlockers(
  ranked: readonly FindingWithShare[],
  symptoms: Symptoms,
  { targetGroupMetrics }: ObservedEvidence,
  moment: Moment,
): readonly FindingWithShare[] {
  const metrics = ifSeen(targetGroupMetrics);
  const unread = missingIds(targetGroupMetrics);
  const answers = (arn: string): boolean => {
    const values = metrics?.of.find(({ id }) => id === arn)?.values;
    const lately = { first: (metrics?.grid.minutes ?? 0) - LATELY, last: metrics?.grid.minutes ?? 0 };
    return unread.has(arn) || TARGET_ANSWERS.some((name) => (sumOf(valuesIn(values?.[name], lately)) ?? 0) > 0);
  };
  const told = ranked.map((finding): FindingWithShare => {
    const isBroken = metrics !== undefined && !finding.found.affects.targetGroups.some(answers);
    const blocks = isBroken && !isLate(moment) ? blockedBy(finding, ranked, symptoms) : [];
    return blocks.length === 0 ? finding : { ...finding, share: 0, blocks };
  });
  const waiting = told.filter(({ blocks }) => blocks !== undefined);
  const others = told.filter(({ blocks }) => blocks === undefined);
  const explaining = others.findLastIndex(({ share }) => (share ?? 0) > 0);
  return [...others.slice(0, explaining + 1), ...alongThePath(waiting), ...others.slice(explaining + 1)];
}

/** The causes that make the errors of its groups. What comes of them goes with them. */
function blockedBy(
  finding: FindingWithShare,
  ranked: readonly FindingWithShare[],
  symptoms: Symptoms,
): FindingWithShare['blocks'] & {} {
  const { found, cause } = finding;
  if (found.explains.length === 0 || causeOf(finding, ranked) !== undefined) return [];
  const isNext = comesNext(finding, symptoms);
  if (!isNext && !isKnownHarmless(finding)) return [];
  // Checks that fail bring about what fails for lack of targets, whatever the state of these tells.
  const mayBring = !isNext || cause.breaksHealthChecks ? cause.causes : [];
  const above = ranked.filter(
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
  return [...new Set(above.map((other) => other.cause.id))];
}

/** It was sure of itself, and the errors speak against it. */
function isKnownHarmless({ harmless, found }: FindingWithShare): boolean {
  return harmless === true && !isOfThen(found.because[0].from);
}

/**
 * What is there but not reached yet explains errors only as what takes targets away would: errors that it would make itself
 * show that it is reached.
 */
function comesNext({ found, capped }: FindingWithShare, symptoms: Symptoms): boolean {
  const all = totalErrors(symptoms);
  if (found.comesNext !== true || capped !== undefined || all === null || found.strength !== 'circumstantial')
    return false;
  const own = found.explains
    .filter((kind) => !OF_REMOVAL.some((one) => one === kind))
    .map((kind) => (kind === 'target5xx' ? symptoms.target5xx : symptoms.elb[kind]));
  return own.every((count) => count !== null && count < HARDLY * all);
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
