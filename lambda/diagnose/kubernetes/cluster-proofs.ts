import type { Candidate } from '../../causes/cause.ts';
import type { Citation } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import { clusterTargetIn } from '../../remedies/kubernetes/cluster-targets.ts';
import {
  controlledResourcesAmong,
  controlledResourcesOf,
  standsFor,
} from '../../remedies/kubernetes/controlled-resources.ts';

const GROUPS_AT_MOST = 3;

/** What stands behind groups that a load balancer controller keeps. */
export function clusterProofsOfGroups(arns: readonly string[], evidence: ObservedEvidence): readonly Citation<Text>[] {
  return controlledResourcesAmong(arns, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
}

/** What of a cluster stands behind what a finding affects: its last proof, by the names that the cluster's people know. */
export function clusterProofsOf(found: Candidate, evidence: ObservedEvidence): readonly Citation<Text>[] {
  const kept = controlledResourcesOf(found, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
  if (kept.length > 0) return kept;
  const bound = clusterTargetIn(found, evidence);
  return bound === null ? [] : [bound.shows];
}
