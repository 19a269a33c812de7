import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { snapshotIn } from '../../lambda/entry/cli/saved-snapshot.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis, Status } from '../../lambda/incident/diagnosis.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { onceFor } from '../../lambda/semantics/once-for.ts';

/** What makes an incident harder to judge than one fault in plain sight. */
export const TANGLES = [
  'two faults',
  'red herring',
  'partial permissions',
  'reverted',
  'in front of the load balancer',
  'one bad request',
] as const;

/** What a right answer is, in words that do not change when the wording does. */
export interface Expectation {
  readonly status: readonly Status[];
  /** The first cause; empty: nothing confident may be found. */
  readonly cause: readonly CauseId[];
  /** Red herrings: never decisive or strong. */
  readonly never: readonly CauseId[];
  /** Where it is more than one fault: exactly what must be found, strong or decisive, of all that explains errors. */
  readonly causes?: readonly CauseId[];
  /** What makes none of the errors, but would keep it broken once those above are mended. */
  readonly waiting?: readonly CauseId[];
  /** Regular expressions over the whole mail, each white space in it one space; they ignore case. */
  readonly says?: readonly string[];
  /** False sentences, in the same way. */
  readonly neverSays?: readonly string[];
  /** Why that is the right answer: one sentence. */
  readonly why?: string;
  readonly tangled?: (typeof TANGLES)[number];
}

/** What is told with confidence to make the errors: no symptom of another, and nothing that waits. */
export function causesTold({ findings }: Diagnosis): readonly CauseId[] {
  const making = findings.filter(
    ({ strength, share, symptomOf, waiting }) =>
      strength !== 'circumstantial' && share !== null && share > 0 && symptomOf === undefined && waiting !== true,
  );
  return [...new Set(making.map(({ cause }) => cause))].sort();
}

export function waitingTold({ findings }: Diagnosis): readonly CauseId[] {
  return [...new Set(findings.flatMap(({ cause, waiting }) => (waiting === true ? cause : [])))].sort();
}

export interface RecordedIncident {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly expected: Expectation;
  /** The path of one of its files. */
  file(of: string): string;
}

export const INCIDENTS = join(import.meta.dirname, '../incidents');

/** A file a cause: what it answers in each incident. */
export const BY_CAUSE = join(INCIDENTS, 'by-cause');

let read: readonly RecordedIncident[] | undefined;

/** Read once for all test files that share this module: whoever alters a snapshot alters a copy. */
export function recordedIncidents(): readonly RecordedIncident[] {
  read ??= readIncidents();
  return read;
}

/** What is diagnosed of a snapshot as it was recorded: once for all test files that share this module. */
export const diagnosisOf = onceFor((snapshot: Snapshot) => diagnose(snapshot, CAUSES));

function readIncidents(): readonly RecordedIncident[] {
  return readdirSync(INCIDENTS)
    .filter((name) => name !== basename(BY_CAUSE))
    .sort()
    .map((name) => {
      const file = (of: string): string => join(INCIDENTS, name, of);
      return {
        name,
        snapshot: snapshotIn(readFileSync(file('snapshot.json'), 'utf8'), name),
        // The file is ours, and written to this shape.
        expected: JSON.parse(readFileSync(file('expect.json'), 'utf8')) as Expectation,
        file,
      };
    });
}
