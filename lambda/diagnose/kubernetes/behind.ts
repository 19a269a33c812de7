import type { Found } from '../../causes/cause.ts';
import type { Citation } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import { boundBehind } from './bound.ts';
import { keptAmong, keptBehind, standsFor } from './kept.ts';

const GROUPS_AT_MOST = 3;

/** What stands behind groups that a load balancer controller keeps. */
export function behindGroups(arns: readonly string[], evidence: ObservedEvidence): readonly Citation<Text>[] {
  return keptAmong(arns, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
}

/** What of a cluster stands behind what a finding affects: its last proof, by the names that the cluster's people know. */
export function behindFinding(found: Found, evidence: ObservedEvidence): readonly Citation<Text>[] {
  const kept = keptBehind(found, evidence).slice(0, GROUPS_AT_MOST).map(standsFor);
  if (kept.length > 0) return kept;
  const bound = boundBehind(found, evidence);
  return bound === null ? [] : [bound.shows];
}
