import type { Errors } from '../../../computed/errors.ts';
import { code, count, percent, type Text, text, time } from '../../../incident/text.ts';
import { baselineOf, type EpisodeSpan } from '../../../semantics/errors/episode.ts';
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
/** From this share of the requests on, 502s that begin as something changes, after an hour with none, are that change's. */
const AT_ONCE = 0.02;
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
  /** Connections and TLS handshakes with targets that failed. */
  readonly notMade: number;
  /** Other errors, beyond twice what was usual in the hour before. */
  readonly others: number;
  /** They came at such a rate before the window, too: no change of the last minutes. */
  readonly lasts: boolean;
  /** There was none in the hour before, and requests enough. */
  readonly began: boolean;
}

export function raceIn(errors: Errors, episode: EpisodeSpan, from: string, notMade: number): Race {
  const { span, onset, grid } = episode;
  const { series, requests } = errors;
  const minutes = span.last - span.first + 1;
  const errors502 = errors.count('502');
  const asked = sumOf(valuesIn(requests, span));
  const hour = { first: span.first - HOUR, last: span.first - 1 };
  const askedBefore = sumOf(valuesIn(requests, hour)) ?? 0;
  const windowFirst = minuteOf(grid, from);
  const rateIn = (part: Span) => meanOf(valuesIn(series['502'], part)) ?? 0;
  const now = rateIn({ first: windowFirst, last: span.last });
  const before = rateIn({ first: Math.max(0, windowFirst - HOUR), last: windowFirst - 1 });
  const unusual = (kind: '503' | '504' | 'target5xx') =>
    Math.max(0, errors.count(kind) - 2 * minutes * (baselineOf(series[kind], episode) ?? 0));
  return {
    ...{ onset, errors502, minutes, notMade },
    ill: seenValues(valuesIn(series['502'], span)).filter((value) => value > 0).length,
    rate: asked === null || asked === 0 ? null : errors502 / asked,
    sparse: asked !== null && asked < LOW_TRAFFIC * minutes,
    others: unusual('503') + unusual('504') + unusual('target5xx'),
    lasts: before >= now / ALIKE && before <= now * ALIKE,
    began: hour.first >= 0 && askedBefore >= LOW_TRAFFIC * HOUR && rateIn(hour) === 0,
  };
}

/** Over enough of the minutes; where there are few requests, minutes without an error tell nothing. */
export function isSpread({ ill, minutes, sparse }: Race): boolean {
  return ill >= SPREAD * minutes || sparse;
}

/** Too many at once for a race, which is as rare before as after. */
export function beganAtOnce({ began, rate }: Race): boolean {
  return began && (rate ?? 0) >= AT_ONCE;
}

/** What shows that the 502s are no race on idle connections; `null` where they may be. */
export function otherThanRace(race: Race): Text | null {
  const { errors502, minutes, ill, rate, others, notMade } = race;
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

export function raceSaid({ errors502, onset, ill, minutes, rate, notMade }: Race): Text {
  const share = rate === null ? '' : text`: ${percent(rate)} of the requests`;
  const connections = notMade === 0 ? 'no connection failed' : text`only ${count(notMade, 'failed connection')}`;
  return text`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, in ${ill} of ${count(minutes, 'minute')}${share}, and ${connections}`;
}
