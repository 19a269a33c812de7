import type { Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, secondsBetween, valuesIn } from '../time/minutes.ts';
import { healthyOf } from './health-history.ts';
import { isGone } from './instance-states.ts';
import type { TargetWave } from './target-waves.ts';

/** Up to the first error, in minutes: who was healthy then served. */
const BEFORE = 15;
/** Clocks differ, and what ends serves on for a while, in seconds. */
const SLACK = 300;

interface Known extends Pick<ObservedEvidence, 'targetGroupMetrics' | 'instances'> {
  readonly churn: { readonly departures: readonly TargetWave[] } | undefined;
  readonly errors: { readonly episode: EpisodeSpan | null } | undefined;
}

/**
 * Whether some targets of a group served before the errors: more were healthy than the others of today and those that were
 * taken away since can have been. `null` where nobody counted them, or none was healthy. Whom others replaced may as well be
 * they: those do not count as taken away.
 */
export function servedBefore(
  targetGroup: string,
  others: readonly Target[],
  { targetGroupMetrics, churn, errors, ...seen }: Known,
): boolean | null {
  const episode = errors?.episode ?? null;
  if (episode === null) return null;
  const instances = ifSeen(seen.instances) ?? [];
  const { span, onset } = episode;
  const before = { first: Math.max(0, span.first - BEFORE), last: span.first - 1 };
  const healthy = maxOf(valuesIn(healthyOf(ifSeen(targetGroupMetrics), [targetGroup]), before)) ?? 0;
  if (healthy === 0) return null;
  const wasGone = ({ id }: Target) =>
    instances.some(
      (one) => one.id === id && isGone(one) && one.stateSince !== null && secondsBetween(one.stateSince, onset) > SLACK,
    );
  const taken = (churn?.departures ?? []).filter(
    ({ at, why, targetGroups }) =>
      ['scaling', 'by-hand', 'interrupted'].includes(why) &&
      targetGroups.includes(targetGroup) &&
      secondsBetween(at, onset) <= BEFORE * 60,
  );
  const explained = others.filter((one) => !wasGone(one)).length + taken.reduce((sum, { count }) => sum + count, 0);
  return healthy > explained;
}
