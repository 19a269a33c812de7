import type { Candidate } from '../causes/cause.ts';
import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import type { LoadBalancerMetric, Metrics } from '../incident/evidence.ts';
import type { Attributed } from '../incident/finding.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { type Attribution, attribute } from '../semantics/errors/attribution.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { allErrors, errorSeries } from '../semantics/errors/error-series.ts';
import { askedSeries } from '../semantics/errors/requests.ts';
import { unusualErrors } from '../semantics/errors/unusual-errors.ts';
import { groupBy } from '../semantics/group-by.ts';
import { minuteOf, type Span, sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { answersOnPurpose, routedGroups } from '../semantics/traffic/routing.ts';

/** A finding explains the observed errors when it accounts for at least this share of them. */
export const EXPLAINING_SHARE = 0.5;

/** Up to this share of the errors, what comes all the time is not worth a word. */
const FEW = 0.05;

/** How much of what was observed a finding accounts for. */
export interface ExplainedShare {
  readonly share: number;
  /** So many of the errors come all the time, and are not to be explained; absent where they are few. */
  readonly usual?: number;
  /** How its share was told from that of other target groups; absent where no other gets requests. */
  readonly attribution?: readonly Attributed[];
}

/**
 * The share of the errors, from its own beginning on, that are of its kinds and come from the groups it affects. A finding
 * that affects no group in particular is about the whole load balancer. What comes all the time is not to be explained: of
 * each kind, what is more than usual counts, where that is more of any kind.
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
  const toExplain = errorsToExplain(metrics, episode, span);
  const kinds = found.explains.filter((kind) => toExplain[kind] > 0);
  const ofKinds = added(kinds.map((kind) => toExplain[kind]));
  const counted = added(kinds.map((kind) => sumOf(valuesIn(errors[kind], span)) ?? 0));
  const fromGroups = whole || counted === 0 ? 1 : attribution.errorsFrom(kinds, targetGroups) / counted;
  const all = added(ERROR_KINDS.map((kind) => toExplain[kind]));
  const share = Math.min(1, (ofKinds * fromGroups) / all);
  const usual = all > (1 - FEW) * total ? {} : { usual: Math.round(total - all) };
  const others = !whole && routed.some((arn) => !targetGroups.includes(arn));
  if (!others || kinds.length === 0) return { share, ...usual };
  return { share, ...usual, attribution: attributed(kinds, attribution) };
}

/** More than usual, by kind; all of it, where none of them came more often than it does. */
function errorsToExplain(
  metrics: Metrics<LoadBalancerMetric>,
  episode: EpisodeSpan,
  span: Span,
): Readonly<Record<ErrorKind, number>> {
  const errors = errorSeries(metrics);
  const unusual = unusualErrors(errors, askedSeries(metrics), episode, span);
  if (ERROR_KINDS.some((kind) => unusual[kind] > 0)) return unusual;
  const counts = ERROR_KINDS.map((kind) => [kind, sumOf(valuesIn(errors[kind], span)) ?? 0] as const);
  // Every kind is among the entries.
  return Object.fromEntries(counts) as Record<ErrorKind, number>;
}

const added = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

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
