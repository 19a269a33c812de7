import type { ErrorKind } from '../../incident/cause.ts';
import type { Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { latest, minuteOf, sumOf, sumOfSeries, valuesIn } from '../time/minutes.ts';
import { riseOf } from './count-rise.ts';
import { baselineOf, type EpisodeSpan } from './episode.ts';
import { errorsOfKinds } from './error-series.ts';
import type { Errors } from './errors.ts';
import { askedSeries } from './requests.ts';
import { trickleOf } from './trickle.ts';

/** At least this share of the requests, or this many times the hour before. */
const NOTABLE = 0.01;
const RAISED = 3;

/** What comes after a group is chosen. */
const OF_GROUPS: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

/** The 5xx that targets answered in an episode, among all of it and against the hour before. */
export interface TargetErrors {
  readonly count: number;
  readonly all: number;
  readonly requests: number | null;
  /** Of the requests; `null` where none was seen. */
  readonly share: number | null;
  readonly since: Time;
  readonly perMinute: number;
  /** A minute in the hour before; `null`: too little of it was seen. */
  readonly baseline: number | null;
  /** So many of the requests, or so many more than before, that the application has become ill. */
  readonly isNotable: boolean;
  readonly isTrickle: boolean;
  /** Of a trickle: the minutes for which it has been there, all that were read. */
  readonly sinceEver: number | null;
}

/** `others`: those that come before a group is chosen, and may have begun before. */
export function targetErrorsOf(errors: Errors, episode: EpisodeSpan, others: Values): TargetErrors {
  const { series, span } = errors;
  const { onset, grid } = episode;
  const count = errors.count('target5xx');
  const requests = sumOf(valuesIn(askedSeries(errors.metrics), span));
  const share = requests ? count / requests : null;
  const baseline = baselineOf(series.target5xx, episode);
  // Other errors may have come first: a second fault is told from its own beginning on.
  const since = latest([onset, riseOf(series.target5xx, episode)?.since ?? onset]) ?? onset;
  const perMinute = count / (span.last - minuteOf(grid, since) + 1);
  const trickle = trickleOf(errors, 'target5xx');
  const before = shareBefore(baseline, baselineOf(errors.requests, episode));
  const isRaised =
    baseline !== null && perMinute >= RAISED * baseline && (share === null || share >= RAISED * (before ?? 0));
  return {
    ...{
      count,
      all: sumOf(valuesIn(sumOfSeries(errorsOfKinds(series, OF_GROUPS), others), span)) ?? 0,
      requests,
      share,
      since,
      perMinute,
      baseline,
    },
    isNotable: (share ?? 0) >= NOTABLE || isRaised,
    isTrickle: trickle !== null,
    sinceEver: trickle?.sinceEver ?? null,
  };
}

/** As many of more requests are no more than before. */
function shareBefore(errors: number | null, requests: number | null): number | null {
  return errors === null || requests === null || requests === 0 ? null : errors / requests;
}
