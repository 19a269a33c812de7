import { COMES_OF_FAILING_CHECKS } from '../causes/cause.ts';
import type { CauseId } from '../incident/cause.ts';
import { STRENGTHS } from '../incident/cause.ts';
import type { Time } from '../incident/text.ts';
import type { KinGroups } from '../semantics/targets/kin-groups.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { withSharesOfAll } from './shares-of-all.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/** Tells that checks fail, and what is done about it; never why they do. A rollout may begin of itself, too. */
const LOOPS: readonly CauseId[] = [...COMES_OF_FAILING_CHECKS, 'deployment-replacing-targets'];

/**
 * Best first, in a total order, whatever order the findings come in: a confident cause above the findings it explains
 * on overlapping targets, and what makes health checks fail above every loop of the same group or service; what is
 * confident and explains most of the errors; strength; the share explained, as it is told; the order of the registry; id by code point.
 */
export function rank(
  findings: readonly FindingWithShare[],
  order: readonly CauseId[],
  kin: KinGroups = [],
  onset: Time | null = null,
): readonly FindingWithShare[] {
  const told = new Map(withSharesOfAll(findings).map(({ share }, index) => [findings[index], share] as const));
  const waiting = [...findings].sort((a, b) => compare(a, b, order, (one) => told.get(one) ?? -1));
  const ranked: FindingWithShare[] = [];
  const isAbove = (one: FindingWithShare, other: FindingWithShare) =>
    isCauseOf(one, other) || isLimitOf(one, other, onset) || breaksChecksOf(one, other, kin) || isLoopOf(one, other);
  while (waiting.length > 0) {
    const free = waiting.findIndex((one) => !waiting.some((other) => other !== one && isAbove(other, one)));
    // Causes that name each other in a circle: none may wait for the next, but a loop is never the first of them.
    const inCircle = waiting.findIndex((one) => !waiting.some((other) => breaksChecksOf(other, one, kin)));
    ranked.push(...waiting.splice(free < 0 ? inCircle : free, 1));
  }
  return ranked;
}

/** By group, and not by target: whom a loop took away is no target any more. */
function breaksChecksOf(above: FindingWithShare, loop: FindingWithShare, kin: KinGroups): boolean {
  if (!isConfident(above) || !above.cause.breaksHealthChecks || !LOOPS.includes(loop.cause.id)) return false;
  if (loop.found.asSet === true) return false;
  const [groups, looping] = [above.found.affects.targetGroups, loop.found.affects.targetGroups];
  if (groups.length === 0 || looping.length === 0) return true;
  const own = new Set([...groups, ...kin.filter((all) => all.some((arn) => groups.includes(arn))).flat()]);
  return looping.some((arn) => own.has(arn));
}

/** Tasks of ECS that never come up refuse connections in their turn: that is no process which is gone. */
function isLoopOf(above: FindingWithShare, refusal: FindingWithShare): boolean {
  if (above.cause.id !== 'deployment-failing' || refusal.cause.id !== 'nothing-listening') return false;
  const ofTasks = ['ecsServices', 'ecsTasks'].includes(above.found.because[0].from);
  return ofTasks && !isConfident(refusal) && overlap(above, refusal);
}

/**
 * The first of the findings above a finding that bring it with them: all of it, for what happens to some targets brings
 * nothing about at others. What one cause does in several places counts together.
 */
export function causeOf(symptom: FindingWithShare, ranked: readonly FindingWithShare[]): CauseId | undefined {
  if (symptom.comesOf !== undefined) return symptom.comesOf;
  const above = ranked.slice(0, ranked.indexOf(symptom)).filter((one) => isCauseOf(one, symptom));
  return above.find(({ cause: { id } }) =>
    cover(
      above.filter(({ cause }) => cause.id === id),
      symptom,
    ),
  )?.cause.id;
}

/** Who names no group is about all of them, and who names no target of a group about all of its targets. */
function cover(causes: readonly FindingWithShare[], { cause, found: { affects } }: FindingWithShare): boolean {
  // Whom checks of one group take away is taken from all: a loop is of the service.
  const isLoop = affects.targets.length === 0 && LOOPS.includes(cause.id);
  if (isLoop && causes.some((one) => one.cause.breaksHealthChecks)) return true;
  return affects.targetGroups.every((arn) => {
    const there = causes.filter(({ found }) => isAbout(found.affects.targetGroups, arn));
    const named = there.map(({ found }) => found.affects.targets.filter(({ targetGroup }) => targetGroup === arn));
    if (there.length === 0 || named.some(({ length }) => length === 0)) return there.length > 0;
    const targets = new Set(named.flat().map(keyOf));
    return affects.targets.every((target) => target.targetGroup !== arn || targets.has(keyOf(target)));
  });
}

const isAbout = (groups: readonly string[], arn: string): boolean => groups.length === 0 || groups.includes(arn);

function isCauseOf(above: FindingWithShare, symptom: FindingWithShare): boolean {
  return (
    // What comes of what does not depend on whether requests failed for either.
    (isConfident(above) || (above.ofStateAlone === true && symptom.ofStateAlone === true)) &&
    symptom.found.asSet !== true &&
    symptom.found.notOf?.includes(above.cause.id) !== true &&
    (above.found.causes ?? above.cause.causes).includes(symptom.cause.id) &&
    overlap(above, symptom)
  );
}

/** Errors are counted by the minute. */
const MINUTE = 60;
/** What targets may have nothing left of. */
const LIMITS: readonly CauseId[] = ['out-of-memory', 'disk-full', 'cpu-saturated', 'cpu-credits-exhausted'];
/** What is slow or silent may be so for that. */
const SLOWNESS: readonly CauseId[] = ['slower-than-idle-timeout', 'unresponsive-backend'];

/** A suspected limit that was reached before the errors stands above the suspected slowness that it makes. */
function isLimitOf(above: FindingWithShare, slow: FindingWithShare, onset: Time | null): boolean {
  const { since } = above.found;
  if (onset === null || since === undefined || since > plusSeconds(onset, MINUTE)) return false;
  if (isConfident(slow) || !overlap(above, slow)) return false;
  return LIMITS.includes(above.cause.id) && SLOWNESS.includes(slow.cause.id) && (above.share ?? 0) >= (slow.share ?? 0);
}

/** A finding that affects no group in particular is about the whole load balancer, and overlaps everything. */
function overlap(a: FindingWithShare, b: FindingWithShare): boolean {
  const groups = new Set(a.found.affects.targetGroups);
  if (groups.size === 0 || b.found.affects.targetGroups.length === 0) return true;
  if (!b.found.affects.targetGroups.some((arn) => groups.has(arn))) return false;
  const targets = new Set(a.found.affects.targets.map(keyOf));
  return (
    targets.size === 0 ||
    b.found.affects.targets.length === 0 ||
    b.found.affects.targets.some((t) => targets.has(keyOf(t)))
  );
}

const keyOf = (target: { targetGroup: string; id: string; port: number | null }): string =>
  `${target.targetGroup} ${target.id} ${target.port}`;

function compare(
  a: FindingWithShare,
  b: FindingWithShare,
  order: readonly CauseId[],
  shareOf: (finding: FindingWithShare) => number,
): number {
  return (
    Number(isMain(b)) - Number(isMain(a)) ||
    STRENGTHS.indexOf(a.found.strength) - STRENGTHS.indexOf(b.found.strength) ||
    shareOf(b) - shareOf(a) ||
    order.indexOf(a.cause.id) - order.indexOf(b.cause.id) ||
    byCodePoint(a.cause.id, b.cause.id) ||
    byCodePoint(contentOf(a), contentOf(b))
  );
}

const isMain = (finding: FindingWithShare): boolean => isConfident(finding) && (finding.share ?? 0) >= EXPLAINING_SHARE;

/** Two findings of one cause: told apart by what they affect, so that the order never depends on where they came in. */
function contentOf({ found }: FindingWithShare): string {
  return JSON.stringify([found.affects, found.says]);
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
