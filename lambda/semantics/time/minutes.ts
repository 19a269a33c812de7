import type { Grid, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';

/** Arithmetic on times and on the minute grid that all metrics of a snapshot share. */

const MINUTE = 60_000;

export function plusSeconds(at: Time, seconds: number): Time {
  return toTime(Date.parse(at) + seconds * 1000);
}

/** Positive when `to` is later. */
export function secondsBetween(from: Time, to: Time): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

export function earliest(times: readonly (Time | null | undefined)[]): Time | undefined {
  return times
    .filter((at): at is Time => typeof at === 'string')
    .reduce<Time | undefined>((first, at) => (first && Date.parse(first) <= Date.parse(at) ? first : at), undefined);
}

export function latest(times: readonly Time[]): Time | undefined {
  return times.reduce<Time | undefined>(
    (last, at) => (last && Date.parse(last) >= Date.parse(at) ? last : at),
    undefined,
  );
}

function toTime(milliseconds: number): Time {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

export function timeOfMinute(grid: Grid, index: number): Time {
  return toTime(Date.parse(grid.from) + index * MINUTE);
}

/** The minute that holds a time; outside the grid it is below 0 or at least `grid.minutes`. */
export function minuteOf(grid: Grid, at: Time): number {
  return Math.floor((Date.parse(at) - Date.parse(grid.from)) / MINUTE);
}

/** A run of minutes, both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export function spanOf(grid: Grid, from: Time, to: Time): Span {
  return { first: Math.max(0, minuteOf(grid, from)), last: Math.min(grid.minutes - 1, minuteOf(grid, to)) };
}

export function valuesIn(values: Values | undefined, span: Span): Values {
  return values === undefined ? [] : values.slice(Math.max(0, span.first), span.last + 1);
}

/** `null` where no minute was seen. */
export function sumOf(values: Values): number | null {
  // The innermost of all that is computed: lists made on the way would be most of its time.
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}

export function meanOf(values: Values): number | null {
  const known = seenValues(values);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The value below which such a share of them lies; `undefined` of none. */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
}

/** So many minutes of something must have been seen to know its level, and to say that it left it. */
export const KNOWN_MINUTES = 20;
/** Without detailed monitoring EC2 sends a datapoint every five minutes. */
const STEP = 5;

/** Mean a minute in a span; `null` where too little of it was seen to know what is usual. */
export function levelIn(values: Values | undefined, span: Span): number | null {
  if (span.last < 0) return null;
  const part = valuesIn(values, span);
  return minutesSeen(part) < KNOWN_MINUTES ? null : meanOf(part);
}

/** The minutes that datapoints stand for: those of a metric that comes every five minutes for five each. */
function minutesSeen(values: Values): number {
  const points = values.flatMap((value, minute) => (value === null ? [] : [minute]));
  const isCoarse = points.every((minute) => (minute - (points[0] ?? 0)) % STEP === 0);
  return points.length * (isCoarse ? STEP : 1);
}

export function maxOf(values: Values): number | null {
  const known = seenValues(values);
  return known.length === 0 ? null : known.reduce((most, value) => Math.max(most, value));
}

export function seenValues(values: Values): readonly number[] {
  return values.filter((value): value is number => value !== null);
}

/** Element by element; unseen in any is unseen in the sum. */
export function sumOfSeries(...series: readonly Values[]): Values {
  const [first = [], ...rest] = series;
  return first.map((value, index) =>
    rest.reduce<number | null>((sum, other) => {
      const more = other[index];
      return sum === null || more === null || more === undefined ? null : sum + more;
    }, value),
  );
}
