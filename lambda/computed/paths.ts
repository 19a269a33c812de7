import type { Target } from '../incident/evidence.ts';
import type { PathState } from '../semantics/network/path.ts';
import {
  PATH_EVIDENCE,
  type PathEvidence,
  pathEvidenceOf,
  type TargetPath,
  targetPaths,
  worstStateTo,
} from '../semantics/network/target-paths.ts';
import { defineFact } from './fact.ts';

/** What security groups, network ACLs and routes do to connections from the load balancer. */
export interface Paths {
  /** To every target on every port in use, all layers judged as far as they were seen; none where the ends were not. */
  readonly all: readonly TargetPath[];
  /** What they were judged by. */
  readonly evidence: PathEvidence | null;
  /** The worst of the ways to these targets, as far as they were seen. */
  to(targets: readonly Target[]): PathState;
  /** The same, were requests and health checks sent to this port of each. */
  toPort<T extends Target>(targets: readonly T[], portOf: (target: T) => number): PathState;
}

export const paths = defineFact({
  needs: ['targetHealth', 'targetGroups'],
  uses: PATH_EVIDENCE,
  compute: (seen): Paths => {
    const evidence = pathEvidenceOf(seen);
    const all = evidence === null ? [] : targetPaths(evidence);
    const areFiltersSeen = seen.securityGroups.seen && seen.networkAcls.seen;
    return {
      ...{ all, evidence },
      to: (targets) => (areFiltersSeen ? worstStateTo(targets, all) : 'unknown'),
      toPort: (targets, portOf) => {
        if (evidence === null || !areFiltersSeen) return 'unknown';
        const there = targets.map((target) => ({ ...target, port: portOf(target), healthCheckPort: portOf(target) }));
        return worstStateTo(there, targetPaths({ ...evidence, targetHealth: there }));
      },
    };
  },
});
