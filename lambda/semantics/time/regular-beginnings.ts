import { quantileOf } from './minutes.ts';

/** The newest of some things that begin at regular intervals. */
export interface RegularBeginnings {
  /** How many of them, the last among them. */
  readonly count: number;
  /** From one beginning to the next; `undefined` where no two were compared. */
  readonly every: number | undefined;
  /** Newest first, of all. */
  readonly intervals: readonly number[];
}

/** Intervals are alike within this share of the usual one, or within one `unit`: no better is known. */
const ALIKE = 0.15;

/** `beginnings`: oldest first, in whatever measure of time. */
export function regularBeginnings(beginnings: readonly number[], unit: number): RegularBeginnings {
  const newestFirst = [...beginnings].reverse();
  const intervals = newestFirst.slice(1).map((begun, index) => (newestFirst[index] ?? begun) - begun);
  let regular = 0;
  while (regular < intervals.length && areAlike(intervals.slice(0, regular + 1), unit)) regular += 1;
  return { count: regular + 1, every: quantileOf(intervals.slice(0, regular), 0.5), intervals };
}

function areAlike(intervals: readonly number[], unit: number): boolean {
  const usual = quantileOf(intervals, 0.5) ?? 0;
  return intervals.every((interval) => Math.abs(interval - usual) <= Math.max(unit, ALIKE * usual));
}
