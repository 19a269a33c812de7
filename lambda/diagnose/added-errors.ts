import type { ErrorKind } from '../incident/cause.ts';
import type { Time } from '../incident/text.ts';
import { errorsOfKinds } from '../semantics/errors/error-series.ts';
import type { Errors } from '../semantics/errors/errors.ts';
import { minuteOf, type Span, sumOf, valuesIn } from '../semantics/time/minutes.ts';

/** Minutes before a change and after it that are held against each other, and how long it may take to be felt. */
const AROUND = 5;
const FELT = 2;
/** So much more of the requests have to fail after it as before, in all and of what failed before. */
const MORE = 0.1;
const TIMES = 1.2;

/**
 * How many errors of some kinds came on top of those before from a change on; `null` where no more of the requests failed with
 * it: then it made none of them. `unknown`: what failed before had not failed for a whole minute yet, and of a part of one
 * nobody can say how many more it would have become.
 */
export function addedErrors(since: Time, kinds: readonly ErrorKind[], errors: Errors): number | 'unknown' | null {
  const { series, requests, span, metrics } = errors;
  const ofKinds = errorsOfKinds(series, kinds);
  const at = minuteOf(metrics.grid, since);
  const rateIn = (part: Span): number | null => {
    const [failed, asked] = [sumOf(valuesIn(ofKinds, part)), sumOf(valuesIn(requests, part))];
    return failed === null || !asked ? null : failed / asked;
  };
  const before = rateIn({ first: Math.max(span.first, at - AROUND), last: at - 1 });
  const after = rateIn({ first: at + FELT, last: Math.min(span.last, at + FELT + AROUND) });
  if (before === null || after === null || after < before + MORE || after < TIMES * before) return null;
  if (at === span.first + 1) return 'unknown';
  const later = { first: at, last: span.last };
  const asked = sumOf(valuesIn(requests, later)) ?? 0;
  return Math.max(0, (sumOf(valuesIn(ofKinds, later)) ?? 0) - before * asked);
}
