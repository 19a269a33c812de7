import type { Candidate } from '../causes/cause.ts';
import type { ErrorKind } from '../incident/cause.ts';
import type { LoadBalancerMetric, Metrics } from '../incident/evidence.ts';
import type { Attributed } from '../incident/finding.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { type Attribution, attribute } from '../semantics/errors/attribution.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { allErrors, errorSeries } from '../semantics/errors/error-series.ts';
import { groupBy } from '../semantics/group-by.ts';
import { minuteOf, type Span, sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { answersOnPurpose, routedGroups } from '../semantics/traffic/routing.ts';

/** A finding explains the observed errors when it accounts for at least this share of them. */
export const EXPLAINING_SHARE = 0.5;

/** How much of what was observed a finding accounts for. */
export interface ExplainedShare {
  readonly share: number;
  /** How its share was told from that of other target groups; absent where no other gets requests. */
  readonly attribution?: readonly Attributed[];
}

/**
 * The share of the errors, from its own beginning on, that are of its kinds and come from the groups it affects. A finding
 * that affects no group in particular is about the whole load balancer.
 */
export function explainedShare(
  found: Candidate,
  evidence: ObservedEvidence,
  metrics: Metrics<LoadBalancerMetric>,
  episode: EpisodeSpan,
): ExplainedShare {
  const errors = errorSeries(metrics);
  const span = sinceOf(found.since, episode);
  const total = sumOf(valuesIn(allErrors(errors), span)) ?? 0;
  if (total === 0) return { share: 0 };
  const routed = routedIn(evidence);
  const attribution = attribute({
    metrics,
    groupMetrics: ifSeen(evidence.targetGroupMetrics),
    routed,
    onPurpose503: answersOnPurpose(ifSeen(evidence.listenerRules) ?? [], '503'),
    targets: ifSeen(evidence.targetHealth),
    unseenGroups: missingIds(evidence.targetHealth),
    span,
  });
  const { targetGroups } = found.affects;
  const whole = targetGroups.length === 0;
  const counts = new Map(found.explains.map((kind) => [kind, sumOf(valuesIn(errors[kind], span)) ?? 0]));
  const kinds = found.explains.filter((kind) => (counts.get(kind) ?? 0) > 0);
  const explained = whole
    ? [...counts.values()].reduce((sum, count) => sum + count, 0)
    : attribution.errorsFrom(kinds, targetGroups);
  const share = Math.min(1, explained / total);
  const others = !whole && routed.some((arn) => !targetGroups.includes(arn));
  if (!others || kinds.length === 0) return { share };
  return { share, attribution: attributed(kinds, attribution) };
}

/** Where the rules were not read, any group of the load balancer may be the one that gets requests. */
function routedIn({ listenerRules, targetGroups }: ObservedEvidence): readonly string[] {
  const rules = ifSeen(listenerRules);
  return rules === undefined ? (ifSeen(targetGroups) ?? []).map(({ arn }) => arn) : routedGroups(rules);
}

/** The kinds that are told apart by the same are told together. */
function attributed(kinds: readonly ErrorKind[], { by }: Attribution): readonly Attributed[] {
  return groupBy(kinds, (kind) => by(kind) ?? '').map((same) => ({ kinds: same, by: by(same[0]) }));
}

function sinceOf(since: string | undefined, episode: EpisodeSpan): Span {
  if (since === undefined) return episode.span;
  const first = Math.max(episode.span.first, minuteOf(episode.grid, since));
  return first > episode.span.last ? episode.span : { first, last: episode.span.last };
}
