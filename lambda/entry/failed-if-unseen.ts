import { CAUSES } from '../causes/index.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { asFailed } from '../diagnose/failed-diagnosis.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Snapshot } from '../incident/snapshot.ts';

/** The judgement of a snapshot, whether it was read just now or kept. */
export function judged(snapshot: Snapshot): Diagnosis {
  const diagnosis = diagnose(snapshot, CAUSES);
  const unseen = loadBalancerUnseen(snapshot);
  return unseen === undefined ? diagnosis : asFailed(diagnosis, unseen);
}

/** Nothing is judged of a load balancer that may not be read, or that is gone, or where nothing at all was seen. */
function loadBalancerUnseen({ evidence }: Snapshot): string | undefined {
  const { loadBalancer } = evidence;
  if (loadBalancer.seen) return undefined;
  const nothing = Object.values(evidence).every((observed) => !observed.seen);
  const final = loadBalancer.why === 'denied' || loadBalancer.why === 'failed';
  return nothing || final ? loadBalancer.detail : undefined;
}
