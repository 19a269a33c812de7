import { type Aws, collect, locate } from '../../collect/index.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Request } from '../../incident/question.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { notLocated } from '../failed-diagnosis.ts';
import { VERSION } from '../version.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';

export interface Triage {
  readonly diagnosis: Diagnosis;
  /** Absent where AWS was not asked: the load balancer could not be found. */
  readonly snapshot?: Snapshot;
}

/** The whole story: find the load balancer, read what AWS knows of it, judge. */
export async function triage(request: Request, aws: Aws): Promise<Triage> {
  const located = await locate(request, aws);
  if (!located.found) return { diagnosis: notLocated(request, located.failure) };
  const snapshot = await collect(located.question, aws, VERSION);
  return { snapshot, diagnosis: snapshotDiagnosis(snapshot) };
}
