import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import type { Gap, Observed, Unseen } from '../incident/observed.ts';
import type { Beyond, Question } from '../incident/question.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import type { Aws } from './aws.ts';

/**
 * Reads one piece of evidence. Starts as soon as everything it is `after` is there, seen or not. What could not be read
 * is part of its answer; a call that fails may be thrown: it leaves the whole evidence unseen.
 */
export interface Collector<Key extends EvidenceKey = EvidenceKey> {
  readonly key: Key;
  readonly after: readonly EvidenceKey[];
  /** The IAM actions it calls, all of them: the deployed policy is the union of these. */
  readonly actions: readonly string[];
  /** The IAM actions that take resources narrower than `*`, and the ARN patterns to write in the policy. */
  readonly resources?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * `much`: much waits for it, so that it is asked again and again. `little`: it only adorns what is told, and nobody waits
   * long for it.
   */
  readonly worth?: 'much' | 'little';
  /** Asked only where somebody asks for this; neither are its permissions needed otherwise. */
  readonly optIn?: keyof Beyond;
  /** Asks what needs less to be known, as soon as that is there. What it finds, `collect` gets by `aws.once`. */
  readonly ahead?: readonly Ahead[];
  collect(question: Question, earlier: ObservedEvidence, aws: Aws): Promise<Observed<Evidence[Key]>>;
}

export interface Ahead {
  readonly after: readonly EvidenceKey[];
  /** What fails is told where it is waited for. */
  ask(question: Question, earlier: ObservedEvidence, aws: Aws): void;
}

/** Reading evidence that it does not wait for does not compile. */
export function askAhead<const After extends EvidenceKey = never>(
  after: readonly After[],
  ask: (question: Question, earlier: Pick<ObservedEvidence, NoInfer<After>>, aws: Aws) => void,
): Ahead {
  return { after, ask };
}

interface CollectorDefinition<Key extends EvidenceKey, After extends EvidenceKey>
  extends Omit<Collector<Key>, 'after' | 'collect'> {
  readonly after: readonly After[];
  collect(
    question: Question,
    earlier: Pick<ObservedEvidence, NoInfer<After>>,
    aws: Aws,
  ): Promise<Observed<Evidence[NoInfer<Key>]>>;
}

/** Reading evidence that it does not wait for does not compile. */
export function defineCollector<const Key extends EvidenceKey, const After extends EvidenceKey = never>(
  definition: CollectorDefinition<Key, After>,
): Collector<Key> {
  return definition;
}

/** Where that which it builds on is unseen, so is this, for the same reason. */
export function unseenLike(earlier: Unseen, what: string): Unseen {
  return { ...earlier, detail: `it needs ${what}: ${earlier.detail}`, source: [] };
}

/** Where a part of it can be read without. */
export function gapLike({ why, detail, action }: Unseen, what: string): Gap {
  return { why, detail: `a part needs ${what}: ${detail}`, ...(action === undefined ? {} : { action }) };
}

/** What AWS showed at the moment that is judged, and forgets after so many seconds. */
export function keptNoLonger(at: Time, seconds: number, detail: string, aws: Aws): readonly Gap[] {
  const now = aws.readAt();
  return now === null || secondsBetween(at, now) <= seconds ? [] : [{ why: 'not-asked', detail, ids: [] }];
}

/** What is missing of the things asked about is missing of what was asked about them. */
export function withGaps<T>(observed: Observed<T>, gaps: readonly Gap[]): Observed<T> {
  return observed.seen ? { ...observed, gaps: [...gaps, ...observed.gaps] } : observed;
}
