import type { Errors } from '../../../computed/errors.ts';
import { ERROR_KINDS, type ErrorKind } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { EvidenceKey, Target } from '../../../incident/evidence.ts';
import type { Observed } from '../../../incident/observed.ts';
import { type Phrase, phrase } from '../../../incident/text.ts';
import { failsChecks } from '../../../semantics/targets/targets.ts';
import { type Slowdown, slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import { notRead } from '../../cause.ts';

/** What targets that cannot keep up bring about. */
export const OVERLOAD_ERRORS: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

/** `Both`, `All 3`, `2 of 5`: of the targets of a group, at the beginning of a sentence. */
export function partSaid(part: number, of: number): Phrase {
  if (part < of) return phrase`${part} of ${of}`;
  return of === 2 ? phrase`Both` : phrase`All ${of}`;
}

/**
 * A target at its limit is slow: one that answers 5xx as fast as ever has an error of its own. How much slower answers
 * became with the errors, where most of these are answers of targets; else `undefined`.
 */
export function slowdownOfErrors({ metrics, episode, count }: Errors): Slowdown | 'not-seen' | null | undefined {
  if (episode === null || 2 * count('target5xx') <= count(...ERROR_KINDS)) return undefined;
  const { first } = episode.span;
  return slowdownIn(metrics, { first: first - 60, last: first - 1 }, episode.span);
}

interface OfTarget {
  readonly target: Target;
}

/** Of many healthy targets only some are asked about: those speak for their group; a failing one speaks for itself. */
export function unseenAmong<T extends OfTarget>(all: readonly T[], isSeen: (one: T) => boolean): readonly T[] {
  const spoken = new Set(all.filter(isSeen).map(({ target }) => target.targetGroup));
  return all.filter((one) => !isSeen(one) && (failsChecks(one.target) || !spoken.has(one.target.targetGroup)));
}

/** That metrics were not read, or tell nothing of some targets. */
export function metricsMissing(
  evidence: EvidenceKey,
  observed: Observed<unknown>,
  all: readonly OfTarget[],
  detail: string,
): Missing {
  const [unread] = observed.seen ? [] : notRead(evidence, observed);
  const ids = all.slice(0, 50).map(({ target }) => target.id);
  return { evidence, why: 'partial', ids, detail, ...unread };
}
