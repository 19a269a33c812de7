import type { Moment } from '../computed/fact.ts';
import type { MetricsById, Target, TargetGroupMetric } from '../incident/evidence.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { targetsOf } from '../semantics/targets/targets.ts';
import { maxOf, sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { allRoutedGroups } from '../semantics/traffic/routing.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { isLate, isOfThen } from './state-age.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/**
 * That no request fails any more is no end while the fault stands: where no target of the groups it affects is healthy,
 * nobody asks them, or they answer only because a group without a healthy target gets requests all the same. Then the
 * errors are not over.
 */
export function withStandingFault(
  episode: EpisodeSpan | null,
  [first]: readonly FindingWithShare[],
  evidence: ObservedEvidence,
  moment: Moment,
): EpisodeSpan | null {
  if (episode === null || episode.end === null || isLate(moment) || !evidence.targetHealth.seen) return episode;
  const requests = requestsTo(evidence.targetGroupMetrics, episode);
  const unread = missingIds(evidence.targetHealth);
  const targets = evidence.targetHealth.value;
  const routed = allRoutedGroups(evidence.listenerRules);
  // What no rule sends requests to any more is left behind, and what nobody ever asked makes none of the errors.
  const mayStand = (arn: string): boolean =>
    !unread.has(arn) && (routed?.includes(arn) ?? true) && requests.cameBefore(arn);
  const isGroupDown = (arn: string): boolean => isDown(targetsOf(targets, arn));
  const proven = first !== undefined && isProven(first) ? first.found.affects.targetGroups.filter(mayStand) : [];
  // Whatever the cause: a group that was well before the errors, and in which nobody is now.
  const targetGroups =
    proven.length > 0
      ? proven
      : [...(routed ?? [])].filter((arn) => mayStand(arn) && requests.wasWell(arn) && isGroupDown(arn));
  if (targetGroups.length === 0 || !targetGroups.every(isGroupDown)) return episode;
  const told = { since: episode.end, targetGroups };
  const standing = { ...episode, end: null, trend: 'steady' } as const;
  return requests.goElsewhere(targetGroups) ? { ...standing, unasked: told } : { ...standing, unmended: told };
}

const HOUR = 60;

/** By state of now, and of what makes the errors. */
function isProven(finding: FindingWithShare): boolean {
  const [proof] = finding.found.because;
  return isConfident(finding) && (finding.share ?? 0) >= EXPLAINING_SHARE && !isOfThen(proof.from);
}

/** One without a target is down as well. */
function isDown(targets: readonly Target[]): boolean {
  return targets.every(({ state }) => state === 'unhealthy' || state === 'unused');
}

/** Who was asked before the errors ended, and who is since. */
function requestsTo(observed: ObservedEvidence['targetGroupMetrics'], { span }: EpisodeSpan) {
  const metrics: MetricsById<TargetGroupMetric> | undefined = ifSeen(observed);
  const unread = missingIds(observed);
  const came = (arn: string, first: number, last: number): boolean => {
    const values = metrics?.of.find(({ id }) => id === arn)?.values.RequestCount;
    return (sumOf(valuesIn(values, { first, last })) ?? 0) > 0;
  };
  const isAsked = (arn: string): boolean => came(arn, span.last + 1, (metrics?.grid.minutes ?? 0) - 1);
  const anyCounted = metrics?.of.some(({ values }) => values.RequestCount !== undefined) ?? false;
  return {
    /** Where nobody counted, any group may have been asked. */
    cameBefore: (arn: string): boolean => !anyCounted || unread.has(arn) || came(arn, 0, span.last),
    /** Some of its targets were healthy in the hour before the errors. */
    wasWell: (arn: string): boolean => {
      const healthy = metrics?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'];
      return (maxOf(valuesIn(healthy, { first: span.first - HOUR, last: span.first - 1 })) ?? 0) > 0;
    },
    /** Known only of groups whose metrics were read, and only where some group gets the requests. */
    goElsewhere: (targetGroups: readonly string[]): boolean =>
      metrics !== undefined &&
      !targetGroups.some((arn) => unread.has(arn) || isAsked(arn)) &&
      metrics.of.some(({ id }) => isAsked(id)),
  };
}
