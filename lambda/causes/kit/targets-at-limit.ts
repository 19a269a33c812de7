import type { ErrorKind } from '../../incident/cause.ts';
import type { Missing } from '../../incident/diagnosis.ts';
import type { EvidenceKey, Target } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { type Phrase, phrase } from '../../incident/text.ts';
import { failsChecks } from '../../semantics/targets/targets.ts';
import { notRead } from '../cause.ts';

/** What targets that cannot keep up bring about. */
export const OVERLOAD_ERRORS: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

/** `Both`, `All 3`, `2 of 5`: of the targets of a group, at the beginning of a sentence. */
export function partSaid(part: number, of: number): Phrase {
  if (part < of) return phrase`${part} of ${of}`;
  return of === 2 ? phrase`Both` : phrase`All ${of}`;
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
  const ids = all.map(({ target }) => target.id);
  return { evidence, why: 'partial', ids, detail, ...unread };
}
