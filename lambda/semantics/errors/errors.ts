import type { ErrorKind } from '../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import { memo } from '../memo.ts';
import { onceFor } from '../once-for.ts';
import { type Span, spanOf, sumOf, valuesIn } from '../time/minutes.ts';
import { type EpisodeSpan, errorEpisode } from './episode.ts';
import { allErrors, type ErrorSeries, errorSeries, errorsOfKinds, withErrors } from './error-series.ts';
import { askedSeries, requestSeries } from './requests.ts';
import { unusualErrors } from './unusual-errors.ts';

/** The errors that the load balancer counted, and their episode. */
export interface Errors {
  readonly metrics: Metrics<LoadBalancerMetric>;
  readonly series: ErrorSeries;
  /** `null` where the window holds no errors. */
  readonly episode: EpisodeSpan | null;
  /** The minutes of the episode; of the window, where there is none. */
  readonly span: Span;
  /** A part of what was counted: see `beginningLater` and `asPart`. */
  readonly isPart: boolean;
  /** By minute. */
  readonly requests: Values;
  /** The errors of these kinds in the episode: 0 without one. */
  count(...kinds: readonly ErrorKind[]): number;
  /** What of these came in the episode on top of the usual. */
  unusual(...kinds: readonly ErrorKind[]): number;
  /**
   * A part of these, by kind and minute, as if no others were, where it began later: it may be of a fault of its own, and is
   * judged by its own onset. Otherwise the whole.
   */
  beginningLater(part: ErrorSeries): Errors;
  /**
   * A part of these that is known to be some groups' own, as if no others were, where others fail besides: with what else was
   * counted of these groups. Otherwise, and where it holds no errors, the whole.
   */
  asPart(part: ErrorSeries, counts: Partial<Metrics<LoadBalancerMetric>['values']>): Errors;
}

/** Up to this share of the errors, those of others are not worth telling apart. */
const FEW = 0.05;

/** What began within so many minutes of the first error began with it. */
const WITH_IT = 2;

export function countedErrors(metrics: Metrics<LoadBalancerMetric>, window: Window): Errors {
  return countsOf(metrics)(`${window.from} ${window.to}`, () => countedIn(metrics, window));
}

const countsOf = onceFor((_: Metrics<LoadBalancerMetric>) => memo<Errors>());

function countedIn(metrics: Metrics<LoadBalancerMetric>, window: Window): Errors {
  const series = errorSeries(metrics);
  const episode = errorEpisode(metrics, window);
  const unusual = episode && unusualErrors(series, askedSeries(metrics), episode);
  const judged = (part: ErrorSeries, counts = {}): Errors => {
    const own = withErrors(metrics, part);
    return countedErrors({ ...own, values: { ...own.values, ...counts } }, window);
  };
  const isLater = (own: Errors): boolean =>
    own.episode !== null && own.episode.span.first > (episode?.span.first ?? 0) + WITH_IT;
  const all: Errors = {
    ...{ metrics, series, episode, isPart: false },
    span: episode?.span ?? spanOf(metrics.grid, window.from, window.to),
    requests: requestSeries(metrics),
    count: (...kinds) =>
      episode === null || kinds.length === 0 ? 0 : (sumOf(valuesIn(errorsOfKinds(series, kinds), episode.span)) ?? 0),
    unusual: (...kinds) => kinds.reduce((sum, kind) => sum + (unusual?.[kind] ?? 0), 0),
    beginningLater: (part) => {
      const own = judged(part);
      return episode !== null && isLater(own) ? { ...own, isPart: true } : all;
    },
    asPart: (part, counts) => {
      const own = judged(part, counts);
      if (episode === null || own.episode === null) return all;
      const isMost = sumIn(part, episode.span) >= (1 - FEW) * sumIn(series, episode.span);
      return isMost && !isLater(own) ? all : { ...own, isPart: true };
    },
  };
  return all;
}

function sumIn(errors: ErrorSeries, span: Span): number {
  return sumOf(valuesIn(allErrors(errors), span)) ?? 0;
}
