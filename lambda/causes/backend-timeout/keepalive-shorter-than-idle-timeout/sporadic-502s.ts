import type { LoadBalancerMetric, Metrics, Values } from '../../../incident/evidence.ts';
import { code, count, percent, type Text, text, time } from '../../../incident/text.ts';
import { baselineOf, type EpisodeSpan, errorsInEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { meanOf, minuteOf, type Span, seenValues, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';

/** A race now and then: some minutes with errors, spread over five or more, few among the requests, few that are no race. */
const SOME = 3;
const LASTING = 5;
const SPREAD = 0.25;
const LOW_RATE = 0.1;
const FEW = 0.1;
/** Fewer than that, one or two in a minute, are a race as well, among very many requests. */
const THIN = 2;
const RARE = 0.005;
/** Before the window at a rate within this factor: it was so before. */
const ALIKE = 3;
const HOUR = 60;
/** With less than this many requests a minute, minutes without an error tell nothing. */
const LOW_TRAFFIC = 10;

/** How the 502s of an episode lie over its minutes. */
export interface Race {
  readonly onset: string;
  readonly errors502: number;
  readonly minutes: number;
  /** Minutes with a 502. */
  readonly ill: number;
  /** 502s among the requests. */
  readonly rate: number | null;
  readonly sparse: boolean;
  /** Other errors, beyond twice what was usual in the hour before. */
  readonly others: number;
  /** They came at such a rate before the window, too: no change of the last minutes. */
  readonly lasts: boolean;
  /** There was none in the hour before, and requests enough. */
  readonly began: boolean;
}

export function raceIn(metrics: Metrics<LoadBalancerMetric>, episode: EpisodeSpan, from: string): Race {
  const errors = errorSeries(metrics);
  const { span, onset } = episode;
  const minutes = span.last - span.first + 1;
  const errors502 = errorsInEpisode(errors, '502', episode);
  const requests = sumOf(valuesIn(requestSeries(metrics), span));
  const usual = (kind: '503' | '504' | 'target5xx') => 2 * minutes * (baselineOf(errors[kind], episode) ?? 0);
  const windowFirst = minuteOf(metrics.grid, from);
  const rateIn = (part: Span) => meanOf(valuesIn(errors['502'], part)) ?? 0;
  const now = rateIn({ first: windowFirst, last: span.last });
  const before = rateIn({ first: Math.max(0, windowFirst - HOUR), last: windowFirst - 1 });
  return {
    onset,
    errors502,
    minutes,
    ill: seenValues(valuesIn(errors['502'], span)).filter((value) => value > 0).length,
    rate: requests === null || requests === 0 ? null : errors502 / requests,
    sparse: requests !== null && requests < LOW_TRAFFIC * minutes,
    others: (['503', '504', 'target5xx'] as const).reduce(
      (sum, kind) => sum + Math.max(0, errorsInEpisode(errors, kind, episode) - usual(kind)),
      0,
    ),
    lasts: before >= now / ALIKE && before <= now * ALIKE,
    began: hasNone(errors['502'], requestSeries(metrics), { first: span.first - HOUR, last: span.first - 1 }),
  };
}

function hasNone(errors: Values, requests: Values, hour: Span): boolean {
  const asked = sumOf(valuesIn(requests, hour)) ?? 0;
  return hour.first >= 0 && asked >= LOW_TRAFFIC * HOUR && (sumOf(valuesIn(errors, hour)) ?? 0) === 0;
}

/** Over enough of the minutes; where there are few requests, minutes without an error tell nothing. */
export function isSpread({ ill, minutes, sparse }: Race): boolean {
  return ill >= SPREAD * minutes || sparse;
}

/** What shows that the 502s are no race on idle connections; `null` where they may be. */
export function otherThanRace(race: Race, notMade: number): Text | null {
  const { errors502, minutes, ill, rate, others } = race;
  const thin = errors502 <= THIN * ill && (rate ?? 1) <= RARE;
  const sporadic = minutes >= LASTING && ill >= SOME && (isSpread(race) || thin);
  if (!sporadic || (rate ?? 0) > LOW_RATE) {
    const share = rate === null ? '' : text`, ${percent(Math.min(1, rate))} of the requests`;
    return text`the ${code(502)}s are not sporadic: ${count(errors502, 'request')} in ${count(ill, 'minute')}${share}`;
  }
  if (others >= errors502) return text`other errors rose as much as the ${code(502)}s`;
  if (notMade <= FEW * errors502) return null;
  return text`connections to targets fail (${count(notMade, 'time')}): no race on one that was open`;
}

export function raceSays({ errors502, onset, ill, minutes, rate }: Race, notMade: number): Text {
  const share = rate === null ? '' : text`: ${percent(rate)} of the requests`;
  const connections = notMade === 0 ? 'no connection failed' : text`only ${count(notMade, 'failed connection')}`;
  return text`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, in ${ill} of ${count(minutes, 'minute')}${share}, and ${connections}`;
}
