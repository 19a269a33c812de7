import type { Candidate } from '../causes/cause.ts';
import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, Values } from '../incident/evidence.ts';
import type { Attributed } from '../incident/finding.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { type Attribution, type AttributionEvidence, attribute } from '../semantics/errors/attribution.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { allErrors, errorSeries, withZeros } from '../semantics/errors/error-series.ts';
import { askedSeries } from '../semantics/errors/requests.ts';
import { unusualErrors } from '../semantics/errors/unusual-errors.ts';
import { groupBy } from '../semantics/group-by.ts';
import { type Removals, removalsIn } from '../semantics/targets/removals.ts';
import { minuteOf, plusSeconds, type Span, sumOf, valuesIn } from '../semantics/time/minutes.ts';
import { answersOnPurpose, groupsAskedOf } from '../semantics/traffic/routing.ts';
import type { JudgedFinding } from './temper.ts';

/** A finding explains the observed errors when it accounts for at least this share of them. */
export const EXPLAINING_SHARE = 0.5;

/** A fault with fewer of the errors than this stands beside what happens, whatever it is. */
export const HARDLY = 0.01;

/** Up to this share of the errors, what comes all the time is not worth a word. */
const FEW = 0.05;

/** How much of what was observed a finding accounts for. */
export interface ExplainedShare {
  readonly share: number;
  /** The same of all errors, those before it began among them; absent where it began with them. */
  readonly ofAll?: number;
  /** So many of the errors come all the time, and are not to be explained; absent where they are few. */
  readonly usual?: number;
  /** How its share was told from that of other target groups; absent where no other gets requests. */
  readonly attribution?: readonly Attributed[];
  /** What it explains besides, because targets were taken away for it, and how many errors fell while they were missing. */
  readonly removals?: readonly { readonly removals: Removals; readonly errors: RemovalErrors }[];
}

/** What requests are answered while a target is missing, or the one that took its place does not serve yet. */
export const OF_REMOVAL = ['502', '503'] as const satisfies readonly ErrorKind[];

/** How many of each kind fell while targets were missing. */
export type RemovalErrors = Readonly<Record<(typeof OF_REMOVAL)[number], number>>;

/**
 * The share of the errors, from its own beginning on, that are of its kinds and come from the groups it affects. A finding
 * that affects no group in particular is about the whole load balancer. What makes health checks fail also explains what fails
 * for lack of the targets that were taken away for it, in all groups of these. What comes all the time is not to be explained:
 * of each kind, what is more than usual counts, where that is more of any kind.
 */
export function explainedShare(
  { found, cause }: Pick<JudgedFinding, 'found' | 'cause'>,
  evidence: ObservedEvidence,
  metrics: Metrics<LoadBalancerMetric>,
  episode: EpisodeSpan,
): ExplainedShare {
  const errors = errorSeries(metrics);
  const span = sinceOf(found.since, episode);
  const total = sumOf(valuesIn(allErrors(errors), span)) ?? 0;
  if (total === 0) return { share: 0 };
  const known = { ...attributionEvidence(evidence, metrics), span };
  const toExplain = errorsToExplain(metrics, episode, span);
  const all = added(ERROR_KINDS.map((kind) => toExplain[kind]));
  const usual = all > (1 - FEW) * total ? {} : { usual: Math.round(total - all) };
  const { targetGroups } = found.affects;
  const own = { kinds: found.explains, targetGroups };
  const last = found.until === undefined ? span.last : minuteOf(episode.grid, plusSeconds(found.until, -1));
  const ofOwn = errorsOf(own, last < span.last ? onlyIn(known, (minute) => minute <= last) : known, toExplain, known);
  const removals = cause.breaksHealthChecks ? removalsFor(found, evidence, episode) : [];
  const missing = new Set(removals.flatMap(({ minutes }) => [...minutes]));
  const ofAll = {
    kinds: [...new Set([...own.kinds, ...OF_REMOVAL])],
    targetGroups: [...targetGroups, ...removals.flatMap((each) => each.targetGroups)],
  };
  const otherwise = onlyIn(known, (minute) => !missing.has(minute));
  const meanwhile = onlyIn(known, (minute) => missing.has(minute));
  const withRemovals = errorsOf(own, otherwise, toExplain, known) + errorsOf(ofAll, meanwhile, toExplain, known);
  const isMore = removals.length > 0 && withRemovals > ofOwn;
  const explained = isMore ? withRemovals : ofOwn;
  const share = Math.min(1, explained / all);
  const before = sumOf(valuesIn(allErrors(errors), { first: episode.span.first, last: span.first - 1 })) ?? 0;
  const whole = before === 0 ? {} : { ofAll: Math.min(1, explained / (all + before)) };
  const of = isMore ? { removals: removals.map((each) => ofRemoval(each, metrics)) } : {};
  const kinds = found.explains.filter((kind) => toExplain[kind] > 0);
  const others = targetGroups.length > 0 && known.routed.some((arn) => !targetGroups.includes(arn));
  if (!others || kinds.length === 0) return { share, ...whole, ...usual, ...of };
  return { share, ...whole, ...usual, ...of, attribution: attributed(kinds, attribute(known)) };
}

interface Explained {
  readonly kinds: readonly ErrorKind[];
  /** None: the whole load balancer. */
  readonly targetGroups: readonly string[];
}

/** `toExplain`: of each kind, in `whole`: in a part of its minutes, as large a part of what was counted is to be explained. */
function errorsOf(
  explained: Explained,
  part: AttributionEvidence,
  toExplain: Readonly<Record<ErrorKind, number>>,
  whole = part,
): number {
  const { targetGroups } = explained;
  const kinds = explained.kinds.filter((kind) => toExplain[kind] > 0 && countOf(kind, part) > 0);
  const ofKinds = added(kinds.map((kind) => (countOf(kind, part) * toExplain[kind]) / countOf(kind, whole)));
  if (targetGroups.length === 0 || kinds.length === 0) return ofKinds;
  const counted = added(kinds.map((kind) => countOf(kind, part)));
  return (ofKinds * attribute(part).errorsFrom(kinds, targetGroups)) / counted;
}

function countOf(kind: ErrorKind, { metrics, span }: AttributionEvidence): number {
  return sumOf(valuesIn(errorSeries(metrics)[kind], span)) ?? 0;
}

function attributionEvidence(evidence: ObservedEvidence, metrics: Metrics<LoadBalancerMetric>) {
  return {
    metrics,
    groupMetrics: ifSeen(evidence.targetGroupMetrics),
    routed: groupsAskedOf(evidence.listenerRules, ifSeen(evidence.targetGroups) ?? []),
    onPurpose503: answersOnPurpose(ifSeen(evidence.listenerRules) ?? [], '503'),
    targets: ifSeen(evidence.targetHealth),
    unseenGroups: missingIds(evidence.targetHealth),
  };
}

/** Of the removals of targets for failed health checks, those in a group that the finding affects. */
function removalsFor({ affects }: Candidate, evidence: ObservedEvidence, episode: EpisodeSpan): readonly Removals[] {
  const { targetGroups } = affects;
  return removalsIn(evidence, episode).filter(
    ({ failedIn, minutes }) => minutes.size > 0 && failedIn.some((arn) => targetGroups.includes(arn)),
  );
}

/** A handshake that failed was one with a target that was there: what it is answered comes of no removal. */
function ofRemoval(removals: Removals, metrics: Metrics<LoadBalancerMetric>) {
  const errors = errorSeries(metrics);
  const handshakes = withZeros(metrics, 'TargetTLSNegotiationErrorCount');
  const missed = (values: Values) => sumOf(values.filter((_, minute) => removals.minutes.has(minute))) ?? 0;
  const others502 = errors['502'].map((value, minute) => value && Math.max(0, value - (handshakes[minute] ?? 0)));
  return { removals, errors: { '502': missed(others502), '503': missed(errors['503']) } };
}

/** The same as if nothing had been counted in other minutes. */
function onlyIn(known: AttributionEvidence, isKept: (minute: number) => boolean): AttributionEvidence {
  const kept = <T extends object>(values: T): T =>
    Object.fromEntries(
      Object.entries(values).map(([name, of]) => [
        name,
        (of as Values).map((value, at) => (isKept(at) ? value : null)),
      ]),
    ) as T;
  const { metrics, groupMetrics } = known;
  return {
    ...known,
    metrics: { ...metrics, values: kept(metrics.values) },
    groupMetrics: groupMetrics && {
      ...groupMetrics,
      of: groupMetrics.of.map(({ id, values }) => ({ id, values: kept(values) })),
    },
  };
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

/** The kinds that are told apart by the same are told together. */
function attributed(kinds: readonly ErrorKind[], { by }: Attribution): readonly Attributed[] {
  return groupBy(kinds, (kind) => by(kind) ?? '').map((same) => ({ kinds: same, by: by(same[0]) }));
}

function sinceOf(since: string | undefined, episode: EpisodeSpan): Span {
  if (since === undefined) return episode.span;
  const first = Math.max(episode.span.first, minuteOf(episode.grid, since));
  return first > episode.span.last ? episode.span : { first, last: episode.span.last };
}
