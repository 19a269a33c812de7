import type { ChangeEvent, ListenerRule, Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, resource, type Text, text, time } from '../../../incident/text.ts';
import { swapGroups } from '../../../remedies/listener-forward.ts';
import type { Tags } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { spareGroups } from '../../../semantics/targets/spare-groups.ts';
import { rulesTo } from '../../../semantics/traffic/routing.ts';

/** Where the requests of a rule went before they went to a group. */
interface FormerGroup {
  readonly rule: ListenerRule;
  readonly group: TargetGroup;
  /** The change that led them away; `null`: the rule still names the group, with weight 0. */
  readonly left: ChangeEvent | null;
}

interface RoutingEvidence {
  readonly rules: readonly ListenerRule[];
  readonly targetGroups: readonly TargetGroup[];
  readonly targets: readonly Target[];
  readonly changes: readonly ChangeEvent[];
}

/** What is told of the groups of before, and the way back to them. */
export function formerGroups(newer: TargetGroup, seen: RoutingEvidence, tags: Tags) {
  const former = formerGroupsOf(newer, seen);
  const areReady = former.filter(({ group }) => spareGroups([group], seen.targets, []).length > 0);
  return {
    /** After what is said of the group's own version. */
    says: former.map(formerSaid),
    waysBack: areReady.flatMap(({ rule, group }): readonly Remedy[] => swapGroups(rule, newer, group, tags)),
  };
}

/** Those of another protocol version: the version of a group is for life, so the way back is to the group of before. */
function formerGroupsOf(newer: TargetGroup, seen: RoutingEvidence): readonly FormerGroup[] {
  return rulesTo(seen.rules, newer.arn).flatMap((rule) => {
    const routings = seen.changes.filter(({ details }) => details.is === 'routing' && details.of === idOf(rule));
    const left = routings.findLast((change) => groupsIn(change).includes(newer.arn)) ?? null;
    const earlier = left && routings.findLast((change) => change.at < left.at && groupsIn(change).length > 0);
    const arns = (earlier ? groupsIn(earlier) : groupsWithoutWeight(rule)).filter((arn) => arn !== newer.arn);
    const [group, ...others] = seen.targetGroups.filter(({ arn }) => arns.includes(arn));
    if (group === undefined || others.length > 0 || arns.length > 1) return [];
    return group.protocolVersion === newer.protocolVersion ? [] : [{ rule, group, left: earlier ? left : null }];
  });
}

/** A change to the default rule is one to the listener. */
const idOf = ({ arn, listenerArn, priority }: ListenerRule): string => (priority === null ? listenerArn : arn);

function groupsIn({ details }: ChangeEvent): readonly string[] {
  return details.is !== 'routing'
    ? []
    : details.to.flatMap(({ targetGroup, weight }) => (weight > 0 ? targetGroup : []));
}

function groupsWithoutWeight({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) =>
    action.type !== 'forward' ? [] : action.to.flatMap(({ targetGroup, weight }) => (weight > 0 ? [] : targetGroup)),
  );
}

function formerSaid({ group: { name, protocolVersion }, left }: FormerGroup): Text {
  const where =
    left === null ? text`which the rule names with weight 0` : text`to which requests went until ${time(left.at)}`;
  return text`; that of ${resource(name)}, ${where}, is ${code(protocolVersion ?? 'HTTP1')}`;
}
