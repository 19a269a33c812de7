import type { Evidence, EvidenceKey } from './evidence.ts';
import type { Observed } from './observed.ts';
import type { Question } from './question.ts';
import type { Time } from './text.ts';

/** Everything that was read, and all that judging needs: the same snapshot always yields the same diagnosis. */
export interface Snapshot {
  readonly schemaVersion: typeof SNAPSHOT_VERSION;
  readonly tool: { readonly name: 'alb-triage'; readonly version: string };
  readonly question: Question;
  /** When AWS was read, by AWS's Date header. */
  readonly collectedAt: Time;
  readonly evidence: ObservedEvidence;
  readonly cost: Cost;
  /** Names, ids and addresses in it are invented. */
  readonly redacted?: true;
}

export type ObservedEvidence = { readonly [K in EvidenceKey]: Observed<Evidence[K]> };

export const SNAPSHOT_VERSION = '1.0';

/** Of collecting. `criticalPath`: the longest chain of dependent calls. */
export interface Cost {
  readonly durationMs: number;
  readonly apiCalls: number;
  readonly criticalPath: number;
}
