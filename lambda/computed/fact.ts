import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import type { Window } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';

/** What may be known besides evidence: which moment is asked about, and when AWS was read. */
export interface Moment {
  readonly at: Time;
  /** It is not the moment that was asked about: the errors of a long window ended before. */
  readonly atErrors: boolean;
  readonly window: Window;
  readonly readAt: Time;
  /** The ids that are a gap in some evidence: nothing may be said of them, least of all that there is nothing. */
  unread(key: EvidenceKey): ReadonlySet<string>;
}

/** `needs` as values; `uses` as observed, to corroborate, date or cap. Reading any other evidence does not compile. */
type SeenBy<Needs extends EvidenceKey, Uses extends EvidenceKey> = {
  readonly [K in Needs]: Evidence[K];
} & { readonly [K in Uses]: Observed<Evidence[K]> };

/** What several causes ask of one incident: worked out once, when the first of them asks. */
export interface ComputedFact<Value, Needs extends EvidenceKey = EvidenceKey, Uses extends EvidenceKey = EvidenceKey> {
  /** Any of these unseen: there is no such fact, and what needs it is undetermined. */
  readonly needs: readonly Needs[];
  readonly uses: readonly Uses[];
  compute(seen: Readonly<Record<string, unknown>>, moment: Moment): Value;
}

export function defineFact<Value, const Needs extends EvidenceKey = never, const Uses extends EvidenceKey = never>({
  needs = [],
  uses = [],
  compute,
}: {
  readonly needs?: readonly Needs[];
  readonly uses?: readonly Uses[];
  compute(seen: SeenBy<Needs, Uses>, moment: Moment): Value;
}): ComputedFact<Value, Needs, Uses> {
  // The one cast: exactly the keys that `needs` and `uses` name are handed over.
  return { needs, uses, compute: (seen, moment) => compute(seen as unknown as SeenBy<Needs, Uses>, moment) };
}
