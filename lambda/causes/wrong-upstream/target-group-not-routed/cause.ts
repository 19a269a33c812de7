import type { ChangeEvent, ListenerRule, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { ingressRules } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { swapGroups, whoSwitchedRules } from '../../../remedies/listener-forward.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { inSteps } from '../../../remedies/remedy.ts';
import { routingChange } from '../../../semantics/changes/change-kinds.ts';
import { holdersFor, type SpareGroup, spareGroups } from '../../../semantics/targets/spare-groups.ts';
import { groupName, isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { routedGroups, rulesTo } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, notRead, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';

export default defineCause({
  id: 'target-group-not-routed',
  needs: ['listenerRules', 'targetGroups', 'targetHealth'],
  uses: ['idleTargetGroups', 'changes', 'errors', 'tags', 'loadBalancer'],
  causes: ['no-registered-targets'],
  ofSettings: true,
  madeBy: [routingChange],
  inCluster: { mends: [ingressRules] },

  examine({ listenerRules, targetGroups, targetHealth, idleTargetGroups, errors, ...seen }, { window }) {
    // By the rules that were read: where one was not, what is found is capped.
    const routed = new Set(routedGroups(listenerRules));
    const empty = targetGroups.filter(({ arn }) => routed.has(arn) && !targetsOf(targetHealth, arn).some(isUsable));
    if (empty.length === 0) return ruledOut(text`every group that rules forward to has a target`);

    const unrouted = targetGroups.filter(({ arn }) => !routed.has(arn));
    const spare = spareGroups(unrouted, targetHealth, ifSeen(idleTargetGroups) ?? []);
    const incident: Incident = {
      errors503: errors?.count('503') ?? 0,
      onset: errors?.episode?.onset ?? window.from,
      changes: ifSeen(seen.changes),
      tags: ifSeen(seen.tags)?.[ifSeen(seen.loadBalancer)?.arn ?? ''],
    };
    const findings = empty.flatMap((group) => {
      const holders = holdersFor(group, spare);
      return holders.length === 0 ? [] : [findingOf(group, holders, rulesTo(listenerRules, group.arn), incident)];
    });
    if (findings.length > 0) return { is: 'found', findings };
    const [missing] = notRead('idleTargetGroups', idleTargetGroups);
    return missing ? unsure(missing) : ruledOut(text`no other group holds targets that could take the requests`);
  },
});

interface Incident {
  readonly errors503: number;
  readonly onset: string;
  readonly changes: readonly ChangeEvent[] | undefined;
  readonly tags: Tags;
}

type Finding = Found<'listenerRules', 'listenerRules' | 'targetHealth' | 'idleTargetGroups' | 'loadBalancerMetrics'>;

function findingOf(
  empty: TargetGroup,
  holders: readonly SpareGroup[],
  rules: readonly ListenerRule[],
  { errors503, onset, changes, tags }: Incident,
): Finding {
  const [holder, ...others] = holders;
  const only = others.length === 0 ? holder : undefined;
  const arns = holders.map(({ group }) => group.arn);
  const name = resource(empty.name);
  const names = andList(
    arns.map((arn) => resource(groupName(arn))),
    3,
  );
  // Where nobody was seen to empty the group, targets that stand elsewhere are likely its own.
  const wasEmptied = ({ event, resources }: ChangeEvent) =>
    event === 'DeregisterTargets' && resources.includes(empty.arn);
  const strong = only !== undefined && changes !== undefined && !changes.some(wasEmptied);
  return {
    strength: errors503 === 0 ? 'circumstantial' : holder?.attached ? 'decisive' : strong ? 'strong' : 'circumstantial',
    says: text`Requests go to ${name}, which has no target; ${names} ${only ? 'has' : 'have'} targets and ${only ? 'gets' : 'get'} none`,
    because: [
      cite.listenerRules`${count(rules.length, 'rule forwards', 'rules forward')} to ${name} (${andList(rules.map(ruleSaid), 3)}), and no rule sends anything to ${names}`,
      cite.targetHealth`${name} has no usable target`,
      ...holders.slice(0, 3).map(({ group, targets, attached }) => {
        const holds = text`${resource(group.name)} holds ${count(targets.length, 'target')}`;
        return attached ? cite.targetHealth`${holds}` : cite.idleTargetGroups`${holds}, but no load balancer uses it`;
      }),
      errors503 > 0 &&
        cite.loadBalancerMetrics`${count(errors503, 'request')} answered ${code(503)} since ${time(onset)}`,
    ],
    affects: { targetGroups: [empty.arn], targets: [] },
    explains: ['503'],
    restsOn: arns,
    fromAbsence: true,
    fixes: [
      ...inSteps(only ? rules.flatMap((rule) => swapGroups(rule, empty, only.group, tags)) : []),
      whoSwitchedRules(onset),
    ],
    facts: { targetGroup: empty.arn, holders: arns, errors503 },
  };
}

function ruleSaid({ priority, conditions }: ListenerRule): Text {
  if (priority === null) return text`the default rule`;
  return text`priority ${code(priority)}${conditions.length === 0 ? '' : text`, ${verbatim(conditions.join(', '))}`}`;
}
