import type { Citation } from '../incident/finding.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { count, resource, type Text, text } from '../incident/text.ts';
import { routedGroups } from '../semantics/routing.ts';
import { failsChecks, groupName, targetsOf, usable } from '../semantics/targets.ts';
import { autoScalingCircumstances } from './circumstances/auto-scaling.ts';

/** What is in effect besides the causes. It makes no errors by itself, and changes how the rest is to be read. */
export function circumstancesOf(snapshot: Snapshot): readonly Citation<Text>[] {
  return [...failingOpen(snapshot), ...autoScalingCircumstances(snapshot)];
}

/** Where no target of a group is healthy, all of them get requests: "all unhealthy" is not "all down". */
function failingOpen({ evidence }: Snapshot): readonly Citation<Text>[] {
  const targets = ifSeen(evidence.targetHealth) ?? [];
  const unread = missingIds(evidence.targetHealth);
  return routedGroups(ifSeen(evidence.listenerRules) ?? [])
    .filter((arn) => !unread.has(arn))
    .flatMap((arn) => {
      const able = targetsOf(targets, arn).filter(usable);
      if (able.length === 0 || !able.every(failsChecks)) return [];
      return {
        from: 'targetHealth',
        shows: text`${resource(groupName(arn))} fails open: none of ${count(able.length, 'target')} is healthy, so all of them get requests`,
      };
    });
}
