import type { CauseId } from '../../incident/cause.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import type { Found } from '../../rules/rule.ts';
import { nodesFailByDesign } from '../../semantics/kubernetes/nodes.ts';
import { groupName } from '../../semantics/targets.ts';

/** Causes that are read from failing health checks: of those alone, where some targets serve. */
const FROM_CHECKS: readonly CauseId[] = [
  'nothing-listening',
  'health-check-code-mismatch',
  'health-check-port-mismatch',
  'health-check-timeout-too-short',
  'wrong-target-port',
  'unresponsive-backend',
  'too-few-healthy-targets',
];

/** Why nodes that fail their checks prove nothing; `undefined` where they may. */
export function whyByDesign(
  cause: CauseId,
  { affects: { targetGroups } }: Found,
  begun: Time,
  evidence: ObservedEvidence,
): string | undefined {
  if (!FROM_CHECKS.includes(cause) || targetGroups.length === 0) return undefined;
  const seen = {
    targetHealth: ifSeen(evidence.targetHealth) ?? [],
    targetGroups: ifSeen(evidence.targetGroups) ?? [],
    tags: ifSeen(evidence.tags) ?? {},
    targetGroupMetrics: ifSeen(evidence.targetGroupMetrics),
  };
  if (!targetGroups.every((arn) => nodesFailByDesign(arn, begun, seen))) return undefined;
  const names = targetGroups.map(groupName).join(', ');
  return `${names} holds every node of the cluster: with externalTrafficPolicy Local a node without a pod fails its checks by design, and as many failed before`;
}
