import type { Moment } from '../computed/fact.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { targetsOf } from '../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { isConfident } from './rank.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { isLate, isOfThen } from './state-age.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * That no request fails any more is no end while the fault stands: where no target of the groups it affects is healthy,
 * nobody asks them, or they answer only because a group without a healthy target gets requests all the same. Then the
 * errors are not over.
 */
export function withStandingFault(
  episode: EpisodeSpan | null,
  [first]: readonly FindingWithShare[],
  { targetHealth, targetGroupMetrics }: ObservedEvidence,
  moment: Moment,
): EpisodeSpan | null {
  if (episode === null || episode.end === null || first === undefined || isLate(moment)) return episode;
  const { affects, because } = first.found;
  if (!isConfident(first) || (first.share ?? 0) < EXPLAINING_SHARE || isOfThen(because[0].from)) return episode;
  const targets = ifSeen(targetHealth) ?? [];
  const metrics = ifSeen(targetGroupMetrics);
  const askedIn = (arn: string, first: number, last: number): boolean => {
    const values = metrics?.of.find(({ id }) => id === arn)?.values.RequestCount;
    return (sumOf(valuesIn(values, { first, last })) ?? 0) > 0;
  };
  const end = episode.span.last + 1;
  const newest = (metrics?.grid.minutes ?? 0) - 1;
  // Of several groups, those that were asked: what nobody ever sends to a group makes none of the errors.
  const wereAsked = affects.targetGroups.filter((arn) => askedIn(arn, 0, end - 1));
  const targetGroups = wereAsked.length === 0 ? affects.targetGroups : wereAsked;
  const unread = missingIds(targetHealth);
  const isDown = (arn: string): boolean => {
    const registered = targetsOf(targets, arn);
    const down = registered.every(({ state }) => state === 'unhealthy' || state === 'unused');
    return registered.length > 0 && down && !unread.has(arn);
  };
  if (targetGroups.length === 0 || !targetGroups.every(isDown)) return episode;
  const standing = { ...episode, end: null, trend: 'steady' } as const;
  const unmended = { ...standing, unmended: { since: episode.end, targetGroups } };
  // Whom requests go to is known only of groups whose metrics were read, and only where some group got them.
  const known = metrics !== undefined && !targetGroups.some((arn) => missingIds(targetGroupMetrics).has(arn));
  const others = metrics?.of.some(({ id }) => !targetGroups.includes(id) && askedIn(id, end, newest)) ?? false;
  const isAsked = targetGroups.some((arn) => askedIn(arn, end, newest));
  return known && others && !isAsked ? { ...standing, unasked: { since: episode.end, targetGroups } } : unmended;
}
