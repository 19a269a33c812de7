import type { ErrorKind } from '../../incident/cause.ts';
import { type Span, valuesIn } from '../time/minutes.ts';
import { errorsOfKinds } from './error-series.ts';
import type { Errors } from './errors.ts';
import { TRICKLE } from './ill-minutes.ts';

/** Fewer errors among the requests than any load balancer is without: that they are counted explains nothing. */
export interface Trickle {
  /** For so many minutes they have come at this rate: all that were read. `null`: they came more often, or nobody knows. */
  readonly sinceEver: number | null;
}

/** In each of so many parts of what was read about as many, within this factor. */
const PARTS = 3;
const ALIKE = 3;
const HOUR = 60;

/**
 * `null`: more of the requests fail, or nobody knows of how many. Only minutes with errors count, unless they have always
 * come: where requests collapse, the few that are left may all fail.
 */
export function trickleOf({ series, requests, span }: Errors, ...kinds: readonly ErrorKind[]): Trickle | null {
  const errors = errorsOfKinds(series, kinds);
  const shareIn = (part: Span, counts: (failed: number) => boolean): number | null => {
    const minutes = valuesIn(errors, part).map((failed, index) => {
      const asked = requests[Math.max(0, part.first) + index] ?? null;
      return failed === null || asked === null || !counts(failed) ? null : { failed, asked: Math.max(asked, failed) };
    });
    const known = minutes.filter((one) => one !== null);
    const asked = known.reduce((sum, one) => sum + one.asked, 0);
    return asked === 0 ? null : known.reduce((sum, one) => sum + one.failed, 0) / asked;
  };
  const first = errors.findIndex((value) => value !== null);
  const minutes = span.last - first + 1;
  const parts = Array.from({ length: PARTS }, (_, part) => ({
    first: first + Math.floor((part * minutes) / PARTS),
    last: first + Math.floor(((part + 1) * minutes) / PARTS) - 1,
  }));
  const all = shareIn({ first, last: span.last }, () => true) ?? 0;
  const isAlike = (rate: number | null) => rate !== null && rate * ALIKE >= all && rate <= all * ALIKE;
  const steady = minutes >= HOUR && all > 0 && [...parts, span].every((part) => isAlike(shareIn(part, () => true)));
  const share = shareIn(span, (failed) => failed > 0);
  if ((share === null || share >= TRICKLE) && !(steady && all < TRICKLE)) return null;
  return { sinceEver: steady ? minutes : null };
}
