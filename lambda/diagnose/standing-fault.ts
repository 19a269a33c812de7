import type { Moment } from '../computed/fact.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { targetsOf } from '../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { isConfident } from './rank.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { isLate } from './state-age.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * That requests are answered again says nothing of groups that are asked no more: while no target of theirs is healthy,
 * the fault stands, and the next request would fail. Then the errors are not over.
 */
export function withStandingFault(
  episode: EpisodeSpan | null,
  [first]: readonly FindingWithShare[],
  { targetHealth, targetGroupMetrics }: ObservedEvidence,
  moment: Moment,
): EpisodeSpan | null {
  if (episode === null || episode.end === null || first === undefined || isLate(moment)) return episode;
  const { targetGroups } = first.found.affects;
  if (targetGroups.length === 0 || !isConfident(first) || (first.share ?? 0) < EXPLAINING_SHARE) return episode;
  const targets = ifSeen(targetHealth);
  const metrics = ifSeen(targetGroupMetrics);
  if (targets === undefined || metrics === undefined) return episode;
  const unread = new Set([...missingIds(targetHealth), ...missingIds(targetGroupMetrics)]);
  const after = { first: episode.span.last + 1, last: metrics.grid.minutes - 1 };
  const asked = metrics.of.flatMap(({ id, values }) =>
    (sumOf(valuesIn(values.RequestCount, after)) ?? 0) > 0 ? [id] : [],
  );
  const stands = (arn: string): boolean => {
    const registered = targetsOf(targets, arn);
    const isDown =
      registered.length > 0 && registered.every(({ state }) => state === 'unhealthy' || state === 'unused');
    return isDown && !unread.has(arn) && !asked.includes(arn) && metrics.of.some(({ id }) => id === arn);
  };
  // Requests were answered: by whom has to be known, too.
  if (asked.length === 0 || !targetGroups.every(stands)) return episode;
  return { ...episode, end: null, trend: 'steady', unasked: { since: episode.end, targetGroups } };
}
