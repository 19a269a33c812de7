import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, resource, type Text, text, time } from '../../incident/text.ts';
import { groupName, targetsOf } from '../../semantics/targets/targets.ts';
import { lastRunOf } from '../../semantics/time/counted-runs.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** A target that fails more than its siblings while its health checks pass: the load balancer compares them all the time. */
export function targetAnomalies({ evidence }: Snapshot): readonly Citation<Text>[] {
  const targets = ifSeen(evidence.targetHealth) ?? [];
  return routedGroups(ifSeen(evidence.listenerRules) ?? []).flatMap((arn): Citation<Text>[] => {
    const anomalous = targetsOf(targets, arn).filter((target) => target.anomalous);
    if (anomalous.length === 0) return [];
    const run = lastRunOf(evidence.targetGroupMetrics, arn, 'AnomalousHostCount.max');
    const begun = run?.goesOn ? run.since : null;
    const since = begun === null ? '' : text` since ${time(begun)}`;
    const fails = anomalous.length === 1 ? 'it fails' : 'they fail';
    const fewer = anomalous.some(({ mitigated }) => mitigated) ? ', and therefore gets fewer requests' : '';
    return [
      {
        from: 'targetHealth',
        shows: text`the load balancer reports ${andList(anomalous.map(({ id }) => resource(id)))} of ${resource(groupName(arn))} as anomalous${since}: ${fails} more often than the other targets${fewer}`,
        ...(begun === null ? {} : { at: begun }),
      },
    ];
  });
}
