import type { Moment } from '../computed/fact.ts';
import type { MetricsById, Target, TargetGroupMetric } from '../incident/evidence.ts';
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
  evidence: ObservedEvidence,
  moment: Moment,
): EpisodeSpan | null {
  if (episode === null || episode.end === null || first === undefined || isLate(moment) || !isProven(first)) {
    return episode;
  }
  const requests = requestsTo(evidence.targetGroupMetrics, episode);
  // Of several groups, those that were asked: what nobody ever sends to a group makes none of the errors.
  const { targetGroups: affected } = first.found.affects;
  const wereAsked = affected.filter(requests.cameBefore);
  const targetGroups = wereAsked.length === 0 ? affected : wereAsked;
  const unread = missingIds(evidence.targetHealth);
  const targets = ifSeen(evidence.targetHealth) ?? [];
  const stands = targetGroups.every((arn) => !unread.has(arn) && isDown(targetsOf(targets, arn)));
  if (targetGroups.length === 0 || !stands) return episode;
  const told = { since: episode.end, targetGroups };
  const standing = { ...episode, end: null, trend: 'steady' } as const;
  return requests.goElsewhere(targetGroups) ? { ...standing, unasked: told } : { ...standing, unmended: told };
}

/** By state of now, and of what makes the errors. */
function isProven(finding: FindingWithShare): boolean {
  const [proof] = finding.found.because;
  return isConfident(finding) && (finding.share ?? 0) >= EXPLAINING_SHARE && !isOfThen(proof.from);
}

function isDown(targets: readonly Target[]): boolean {
  return targets.length > 0 && targets.every(({ state }) => state === 'unhealthy' || state === 'unused');
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
  return {
    cameBefore: (arn: string): boolean => came(arn, 0, span.last),
    /** Known only of groups whose metrics were read, and only where some group gets the requests. */
    goElsewhere: (targetGroups: readonly string[]): boolean =>
      metrics !== undefined &&
      !targetGroups.some((arn) => unread.has(arn) || isAsked(arn)) &&
      metrics.of.some(({ id }) => isAsked(id)),
  };
}
