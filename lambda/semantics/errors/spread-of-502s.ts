import type { Time } from '../../incident/text.ts';
import { levelIn, meanOf, minuteOf, seenValues, sumOf, valuesIn } from '../time/minutes.ts';
import { baselineOf, type EpisodeSpan } from './episode.ts';
import type { Errors } from './errors.ts';

/** Before the window at a rate within this factor: it was so before. */
const ALIKE = 3;
/** With less than this many requests a minute, minutes without an error tell nothing. */
const LOW_TRAFFIC = 10;
const HOUR = 60;

/** How the 502s of an episode lie over its minutes. */
export interface SpreadOf502s {
  readonly onset: Time;
  readonly errors502: number;
  readonly minutes: number;
  /** Minutes with a 502. */
  readonly ill: number;
  /** 502s among the requests. */
  readonly rate: number | null;
  /** How often they came, with pauses. */
  readonly bursts: number;
  /** So few requests that minutes without an error tell nothing. */
  readonly sparse: boolean;
  /** Other errors, beyond twice what was usual in the hour before. */
  readonly others: number;
  /** They came at such a rate before the window, too: no change of the last minutes. */
  readonly lasts: boolean;
  /** There was none in the hour before, and requests enough. */
  readonly began: boolean;
}

export function spreadOf502s(errors: Errors, episode: EpisodeSpan, windowFrom: Time): SpreadOf502s {
  const { span, onset, grid } = episode;
  const { series, requests } = errors;
  const minutes = span.last - span.first + 1;
  const errors502 = errors.count('502');
  const asked = sumOf(valuesIn(requests, span));
  const hour = { first: span.first - HOUR, last: span.first - 1 };
  const askedBefore = sumOf(valuesIn(requests, hour)) ?? 0;
  const windowFirst = minuteOf(grid, windowFrom);
  const now = meanOf(valuesIn(series['502'], { first: windowFirst, last: span.last })) ?? 0;
  const before = levelIn(series['502'], { first: Math.max(0, windowFirst - HOUR), last: windowFirst - 1 });
  const unusual = (kind: '503' | '504' | 'target5xx') =>
    Math.max(0, errors.count(kind) - 2 * minutes * (baselineOf(series[kind], episode) ?? 0));
  return {
    ...{ onset, errors502, minutes },
    bursts: episode.bursts.length,
    ill: seenValues(valuesIn(series['502'], span)).filter((value) => value > 0).length,
    rate: asked === null || asked === 0 ? null : errors502 / asked,
    sparse: asked !== null && asked < LOW_TRAFFIC * minutes,
    others: unusual('503') + unusual('504') + unusual('target5xx'),
    lasts: before !== null && before >= now / ALIKE && before <= now * ALIKE,
    began: hour.first >= 0 && askedBefore >= LOW_TRAFFIC * HOUR && levelIn(series['502'], hour) === 0,
  };
}
