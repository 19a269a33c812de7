import type { Values } from '../../incident/evidence.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';

/** By minute: what the targets of a group did not answer. */
export interface Unanswered {
  readonly id: string;
  readonly failed: Values;
}

/** More groups than this are not told apart: each may have failed in either way. */
const MOST_GROUPS = 6;
/** A group with less than this share of what failed decides nothing. */
const HARDLY = 0.02;
/** So well does it have to fit, of all that failed, and so much worse every other way to tell them apart. */
const FITS = 0.15;
const WORSE = 2;

/**
 * Which part of what a group's targets did not answer was answered 504, the rest 502, for a load balancer counts both for all
 * groups together. Targets that fail, fail in one way: where one way of each group, and no other, gives what was counted minute
 * by minute, that is it. `null`: they are not told apart.
 */
export function timeoutsByGroup(
  groups: readonly Unanswered[],
  { errors502, errors504 }: { readonly errors502: Values; readonly errors504: Values },
  span: Span,
): ReadonlyMap<string, number> | null {
  const counted = paired(errors504, span);
  const both = paired(errors502, span).map((value, index) => value + (counted[index] ?? 0));
  const total = added(both);
  const failing = groups
    .map(({ id, failed }) => ({ id, failed: paired(failed, span) }))
    .filter(({ failed }) => added(failed) >= HARDLY * total);
  if (total === 0 || failing.length < 2 || failing.length > MOST_GROUPS) return null;
  const ways = Array.from({ length: 2 ** failing.length }, (_, way) => {
    const inTime = failing.filter((_group, index) => (way & (1 << index)) !== 0);
    const off = counted.map((value, minute) =>
      Math.abs(value - added(inTime.map(({ failed }) => failed[minute] ?? 0))),
    );
    return { way, off: added(off) / total };
  }).sort((one, other) => one.off - other.off);
  const [best, next] = ways;
  if (best === undefined || next === undefined || best.off > FITS || next.off < WORSE * Math.max(best.off, HARDLY)) {
    return null;
  }
  return new Map(failing.map(({ id }, index) => [id, (best.way & (1 << index)) === 0 ? 0 : 1]));
}

/** What was not answered in time was sent the minute before: each minute with the one before. */
function paired(values: Values, { first, last }: Span): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const minute = first + index;
    return sumOf(valuesIn(values, { first: minute - 1, last: minute })) ?? 0;
  });
}

const added = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
