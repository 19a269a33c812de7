import type { EvidenceKey, Values } from '../../lambda/incident/evidence.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';

/** The series of a snapshot, with no law of AWS in them: numbers by the minute. */
export interface Series {
  readonly key: EvidenceKey;
  readonly owner: string;
  readonly name: string;
  readonly from: number;
  readonly step: number;
  readonly values: Values;
}

interface AsRead {
  readonly grid: { readonly from: string; readonly minutes: number };
  readonly values?: Readonly<Record<string, Values>>;
  readonly of?: readonly { readonly id: string; readonly values: Readonly<Record<string, Values>> }[];
}

export const MINUTE = 60_000;

export function seriesOf({ evidence }: Snapshot): readonly Series[] {
  const read = (Object.keys(evidence) as EvidenceKey[]).flatMap((key) => {
    const observed = evidence[key];
    if (!observed.seen || !key.endsWith('Metrics')) return [];
    const { grid, values = {}, of = [{ id: '', values }] } = observed.value as AsRead;
    return of.flatMap((one) =>
      Object.entries(one.values).map(([name, each]) => ({
        key,
        owner: one.id,
        name,
        from: Date.parse(grid.from),
        step: (grid.minutes * MINUTE) / each.length,
        values: each,
      })),
    );
  });
  return [...read, ...unansweredIn(read)];
}

/** Of each target group, what was sent to it and not answered by its targets. */
function unansweredIn(series: readonly Series[]): readonly Series[] {
  const answered = series.filter(({ key, name }) => key === 'targetGroupMetrics' && /^HTTPCode_Target_\dXX/.test(name));
  return series
    .filter(({ key, name }) => key === 'targetGroupMetrics' && name === 'RequestCount')
    .map((sent) => {
      const answers = answered.filter(({ owner }) => owner === sent.owner);
      const values = sent.values.map(
        (value, n) => value && Math.max(0, value - answers.reduce((sum, one) => sum + (one.values[n] ?? 0), 0)),
      );
      return { ...sent, name: 'unanswered', values };
    });
}

/**
 * The minutes in which a series turns: to something after some minutes of nothing, and back; by a good part of all that it
 * moves, where it moves much and seldom; out of the band of the hour before; and to where a processor is at its limit. And where it begins and ends.
 */
export function turnsOf(series: Series): readonly number[] {
  const { key, name, from, step, values } = series;
  // A series of errors may come in bursts.
  const quiet = key === 'loadBalancerMetrics' && name.includes('_5XX_') ? SHORT : QUIET;
  const isSomething = (n: number): boolean => (values[n] ?? 0) > 0;
  const nothing = (first: number): boolean =>
    Array.from({ length: quiet }, (_, n) => first + n).every((n) => !isSomething(n));
  const atLimit = (n: number): boolean => /Utilization|percent/.test(name) && (values[n] ?? 0) >= LIMIT;
  const turns = values.flatMap((value, n) => {
    const begins = isSomething(n) && nothing(n - quiet);
    const ends = n > 0 && isSomething(n - 1) && nothing(n);
    return begins || ends || (value !== null && n > 0 && atLimit(n) !== atLimit(n - 1)) ? [n] : [];
  });
  return [
    0,
    ...turns,
    ...stepsOf(values),
    ...(key === 'loadBalancerMetrics' ? departuresOf(series) : []),
    values.length,
  ].map((n) => from + n * step);
}

/** Out of the band of the hour before: it may be dated by the first minute that is, or by one of the next two. */
function departuresOf({ values }: Series): readonly number[] {
  const out = values.map((_, n) => leaves(values, n));
  return out.flatMap((is, n) => (is && out[n - 1] !== true ? [n, n + 1, n + 2] : []));
}

/** The middle one of a list, or the two; and that below which a quarter lies. */
export function middlesOf(numbers: readonly number[]): readonly number[] {
  const all = [...numbers].sort((one, other) => one - other);
  const [low = 0, high = low] = [(all.length - 1) / 2, all.length / 2].map((n) => all[Math.floor(n)] ?? 0);
  return all.length === 0 ? [] : [low, high, (low + high) / 2, all[Math.floor(all.length / 4)] ?? low];
}

/** By that minute and the next, or by that minute alone where by far. */
function leaves(values: Values, n: number): boolean {
  const first = Math.max(0, n - HOUR);
  if (n - first < HOUR / 2) return false;
  const now = values[n] ?? 0;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let minute = first; minute < n; minute += 1) {
    const value = values[minute] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const margin = (most - least) / 2;
  const isOut = (value: number, by: number): boolean => value > most + by || value < least - by;
  return isOut(now, margin) || (isOut(now, 0) && isOut(values[n + 1] ?? now, 0));
}

const HOUR = 60;
/** A metric of five minutes says nothing in four of them. */
const QUIET = 5;
const SHORT = 3;
/** Percent. */
const LIMIT = 90;

function stepsOf(values: Values): readonly number[] {
  const numbers = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (most - least < most / 2 || most === least) return [];
  let before: number | undefined;
  const steps = values.flatMap((value, n) => {
    if (value === null) return [];
    const much = before !== undefined && Math.abs(value - before) >= (most - least) * A_GOOD_PART;
    const other = before !== undefined && (value === 0) !== (before === 0);
    before = value;
    return much || other ? [n] : [];
  });
  return steps.length > SELDOM ? [] : steps;
}

const A_GOOD_PART = 0.15;
const SELDOM = 24;

export interface Span {
  readonly from: number;
  readonly to: number;
}

export function within(series: Series, span: Span): readonly number[] {
  const [first, last] = minutesOf(series, span);
  return series.values.slice(first, last).filter((value) => value !== null);
}

/** Added up once a series: asked for hundreds of spans. */
export function sumWithin(series: Series, span: Span): number {
  const totals = addedUp.get(series.values) ?? [0];
  if (totals.length === 1) {
    for (const value of series.values) totals.push((totals.at(-1) ?? 0) + (value ?? 0));
    addedUp.set(series.values, totals);
  }
  const [first, last] = minutesOf(series, span);
  return (totals[last] ?? 0) - (totals[first] ?? 0);
}

const addedUp = new WeakMap<Values, number[]>();

function minutesOf({ from, step, values }: Series, span: Span): readonly [number, number] {
  const at = (time: number): number => Math.min(values.length, Math.max(0, (time - from) / step));
  return [Math.floor(at(span.from)), Math.ceil(at(span.to))];
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** As a person would write it: cut off, or to the nearest. */
export function rounded(number: number): readonly number[] {
  return [
    Math.floor(number),
    Math.round(number),
    Math.ceil(number),
    Math.round(number * 10) / 10,
    Math.round(number * 100) / 100,
  ];
}
