import type { Candidate, Cause } from '../../causes/cause.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence, Snapshot } from '../../incident/snapshot.ts';
import { count, resource, type Text, type Time, text } from '../../incident/text.ts';
import { type FailingNodes, nodesFailingByDesign } from '../../semantics/kubernetes/failing-nodes.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** Why nodes that fail their checks prove nothing; `undefined` where they may. */
export function whyNodesProveNothing(
  { fromHealthChecks }: Cause,
  { affects: { targetGroups } }: Candidate,
  begun: Time,
  evidence: ObservedEvidence,
): string | undefined {
  if (!fromHealthChecks || targetGroups.length === 0) return undefined;
  const nodes = targetGroups.map((arn) => failingNodes(arn, begun, evidence));
  if (nodes.includes(null)) return undefined;
  const names = targetGroups.map(groupName).join(', ');
  const before = nodes.every((each) => each?.before !== null)
    ? 'as many failed before'
    : 'how many failed before was not seen';
  return `${names} holds every node of the cluster: ${BY_DESIGN}, and ${before}`;
}

/** Of groups that get requests: what fails there, and may do so for ever. */
export function nodeCircumstances({ evidence, question }: Snapshot): readonly Citation<Text>[] {
  return routedGroups(ifSeen(evidence.listenerRules) ?? []).flatMap((arn) => {
    const nodes = failingNodes(arn, question.window.from, evidence);
    if (nodes === null || nodes.before === null) return [];
    const shows = text`${nodes.failing} of ${count(nodes.of, 'node')} in ${resource(groupName(arn))} fail their checks, and as many did before: ${BY_DESIGN}`;
    return [{ from: 'targetGroupMetrics', shows }];
  });
}

const BY_DESIGN = 'with externalTrafficPolicy Local a node without a pod fails its checks by design';

function failingNodes(arn: string, begun: Time, evidence: ObservedEvidence): FailingNodes | null {
  return nodesFailingByDesign(arn, begun, {
    targetHealth: ifSeen(evidence.targetHealth) ?? [],
    targetGroups: ifSeen(evidence.targetGroups) ?? [],
    tags: ifSeen(evidence.tags) ?? {},
    targetGroupMetrics: ifSeen(evidence.targetGroupMetrics),
  });
}
