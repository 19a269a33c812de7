import type { Target } from '../incident/evidence.ts';
import type { PathState } from '../semantics/network/path.ts';
import { PATH_EVIDENCE, worstPathState } from '../semantics/network/target-paths.ts';
import { defineComputed } from './computed.ts';

/** What security groups, network ACLs and routes do to connections from the load balancer. */
export interface Paths {
  /** The worst of the ways to these targets, as far as they were seen. */
  to(targets: readonly Target[]): PathState;
}

export const paths = defineComputed({
  needs: ['targetHealth', 'targetGroups'],
  uses: PATH_EVIDENCE,
  compute: (seen): Paths => ({ to: (targets) => worstPathState(targets, seen.targetGroups, seen) }),
});
