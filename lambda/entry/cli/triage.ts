import { type Aws, collect, type LocateFailure, locate } from '../../collect/index.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Request } from '../../incident/question.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { judged } from '../failed-if-unseen.ts';
import { failedRequest } from '../failed-request.ts';
import { VERSION } from '../version.ts';

export interface Triage {
  readonly diagnosis: Diagnosis;
  /** Absent where AWS was not asked: the load balancer could not be found. */
  readonly snapshot?: Snapshot;
  /** Why no load balancer could be found. */
  readonly failure?: LocateFailure;
}

/** The whole story: find the load balancer, read what AWS knows of it, judge. */
export async function triage(request: Request, aws: Aws): Promise<Triage> {
  const located = await locate(request, aws);
  if (!located.found) {
    const { failure } = located;
    const { action, ...known } = failure;
    const denied = failure.reason === 'denied' && action !== undefined ? { action } : {};
    return { diagnosis: failedRequest(request, failure.message, { ...known, ...denied }), failure };
  }
  const snapshot = await collect(located.question, aws, VERSION);
  return { snapshot, diagnosis: judged(snapshot) };
}
