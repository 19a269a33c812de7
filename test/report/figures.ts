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
  return (Object.keys(evidence) as EvidenceKey[]).flatMap((key) => {
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
}

/**
 * The minutes in which a series turns: to something after some minutes of nothing, and back; by a good part of all that it
 * moves, where it moves much and seldom; and to where a processor is at its limit. And where it begins and ends.
 */
export function turnsOf(series: Series): readonly number[] {
  const { name, from, step, values } = series;
  const isSomething = (n: number): boolean => (values[n] ?? 0) > 0;
  const nothing = (first: number): boolean =>
    Array.from({ length: QUIET }, (_, n) => first + n).every((n) => !isSomething(n));
  const atLimit = (n: number): boolean => /Utilization|percent/.test(name) && (values[n] ?? 0) >= LIMIT;
  const turns = values.flatMap((value, n) => {
    const begins = isSomething(n) && nothing(n - QUIET);
    const ends = n > 0 && isSomething(n - 1) && nothing(n);
    return begins || ends || (value !== null && n > 0 && atLimit(n) !== atLimit(n - 1)) ? [n] : [];
  });
  return [0, ...turns, ...stepsOf(values), values.length].map((n) => from + n * step);
}

/** A metric of five minutes says nothing in four of them. */
const QUIET = 5;
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

export function within({ from, step, values }: Series, span: Span): readonly number[] {
  const all = values.slice(
    Math.max(0, Math.floor((span.from - from) / step)),
    Math.max(0, Math.ceil((span.to - from) / step)),
  );
  return all.filter((value) => value !== null);
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
