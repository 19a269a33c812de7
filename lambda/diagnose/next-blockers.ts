import type { Moment } from '../computed/fact.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { TARGET_ANSWERS } from '../semantics/traffic/target-traffic.ts';
import { causeOf, isConfident } from './rank.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { isLate, isOfThen } from './state-age.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/** The newest minutes, in which whoever can answer does. */
const LATELY = 5;

/**
 * What makes none of today's errors and would keep it broken once what does is mended: a fault that AWS shows as it stands
 * now, in groups whose errors something else makes and whose targets answer nothing: what answers is not broken. Told as
 * "then", below all that explain errors.
 */
export function withNextBlockers(
  ranked: readonly FindingWithShare[],
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
    const blocks = isBroken && !isLate(moment) ? blockedBy(finding, ranked) : [];
    return blocks.length === 0 ? finding : { ...finding, blocks };
  });
  const waiting = told.filter(({ blocks }) => blocks !== undefined);
  const others = told.filter(({ blocks }) => blocks === undefined);
  const explaining = others.findLastIndex(({ share }) => (share ?? 0) > 0);
  return [...others.slice(0, explaining + 1), ...waiting, ...others.slice(explaining + 1)];
}

/** The causes that make the errors of its groups. What comes of them goes with them. */
function blockedBy(finding: FindingWithShare, ranked: readonly FindingWithShare[]): FindingWithShare['blocks'] & {} {
  const { harmless, found, cause } = finding;
  if (!harmless || found.explains.length === 0 || isOfThen(found.because[0].from)) return [];
  if (causeOf(finding, ranked) !== undefined) return [];
  const above = ranked.filter(
    (other) =>
      other.cause.id !== cause.id &&
      isConfident(other) &&
      (other.share ?? 0) >= EXPLAINING_SHARE &&
      !cause.causes.includes(other.cause.id) &&
      other.found.affects.targetGroups.some((arn) => found.affects.targetGroups.includes(arn)),
  );
  return [...new Set(above.map((other) => other.cause.id))];
}
