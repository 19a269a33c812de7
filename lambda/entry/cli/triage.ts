import { type Aws, collect, type LocateFailure, locate } from '../../collect/index.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Reference, Request } from '../../incident/question.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { isOwnName, regionOf } from '../../intake/index.ts';
import { notLocated } from '../failed-diagnosis.ts';
import { VERSION } from '../version.ts';
import { withWhereElse } from '../where-else.ts';
import { behindDomain, systemDns } from './domain-name.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';

export interface Triage {
  readonly diagnosis: Diagnosis;
  /** Absent where AWS was not asked: the load balancer could not be found. */
  readonly snapshot?: Snapshot;
  /** Why it could not be found. */
  readonly reason?: LocateFailure['reason'];
}

/** The whole story: find the load balancer, read what AWS knows of it, judge. */
export async function triage(request: Request, aws: Aws): Promise<Triage> {
  const { about, there } = await placed(request, aws);
  const located = await locate({ ...request, about }, there);
  if (!located.found) {
    const failure = withOption(await withWhereElse(located.failure, { ...request, about }, there));
    return { diagnosis: notLocated({ ...request, about }, failure), reason: failure.reason };
  }
  const snapshot = await collect(located.question, there, VERSION);
  return { snapshot, diagnosis: snapshotDiagnosis(snapshot) };
}

/** Here, and not in a function, there is an option for it. */
function withOption(failure: LocateFailure): LocateFailure {
  const [what, how] = failure.message.split(': set AWS_REGION');
  return failure.reason === 'no-region' && how !== undefined
    ? { ...failure, message: `${what}: give --region, or set AWS_REGION` }
    : failure;
}

/** Where to ask for what: a name of somebody's own domain leads to a load balancer, in a Region that only its own name tells. */
async function placed(request: Request, aws: Aws): Promise<{ readonly about: Reference; readonly there: Aws }> {
  const { about } = request;
  if (about.by !== 'dns' || isOwnName(about.dnsName)) return { about, there: aws };
  const behind = await behindDomain(about.dnsName, aws, systemDns());
  const region = regionOf(behind);
  return { about: behind, there: region === null ? aws : aws.in(region) };
}
