import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import type { Question } from '../incident/question.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Aws } from './aws.ts';

/**
 * Reads one piece of evidence. Starts as soon as everything it is `after` is there, seen or not; never rejects: what
 * could not be read is part of its answer.
 */
export interface Collector<Key extends EvidenceKey = EvidenceKey> {
  readonly key: Key;
  readonly after: readonly EvidenceKey[];
  /** The IAM actions it calls, all of them: the deployed policy is the union of these. */
  readonly actions: readonly string[];
  /** The IAM actions that take a resource narrower than `*`, and the ARN pattern to write in the policy. */
  readonly resources?: Readonly<Record<string, string>>;
  collect(question: Question, earlier: ObservedEvidence, aws: Aws): Promise<Observed<Evidence[Key]>>;
}
