import { type Aws, collect, type Failure, locate } from '../collect/index.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { asFailed } from '../diagnose/failed.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Request } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { RULES } from '../rules/index.ts';
import { failedRequest } from './failed-request.ts';
import { VERSION } from './version.ts';

export interface Triage {
  readonly diagnosis: Diagnosis;
  /** Absent where AWS was not asked: the load balancer could not be found. */
  readonly snapshot?: Snapshot;
  /** Why no load balancer could be found. */
  readonly failure?: Failure;
}

/** The whole story: find the load balancer, read what AWS knows of it, judge. */
export async function triage(request: Request, aws: Aws): Promise<Triage> {
  const located = await locate(request, aws);
  if (!located.found) {
    const { failure } = located;
    return { diagnosis: failedRequest(request, failure.message, failure), failure };
  }
  const snapshot = await collect(located.question, aws, VERSION);
  const diagnosis = diagnose(snapshot, RULES);
  const unseen = loadBalancerUnseen(snapshot);
  return { snapshot, diagnosis: unseen === undefined ? diagnosis : asFailed(diagnosis, unseen) };
}

/** Nothing is judged of a load balancer that may not be read, or that is gone, or where nothing at all was seen. */
function loadBalancerUnseen({ evidence }: Snapshot): string | undefined {
  const { loadBalancer } = evidence;
  if (loadBalancer.seen) return undefined;
  const nothing = Object.values(evidence).every((observed) => !observed.seen);
  const final = loadBalancer.why === 'denied' || loadBalancer.why === 'failed';
  return nothing || final ? loadBalancer.detail : undefined;
}
