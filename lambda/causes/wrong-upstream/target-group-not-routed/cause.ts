import type { ChangeEvent, ListenerRule, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { ingressRules } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { inSteps } from '../../../remedies/remedy.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { routedGroups, rulesTo } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, ruledOut, unsure } from '../../cause.ts';
import { routingChange } from '../../kit/changes.ts';
import { switchedTo, whoSwitched } from './switched-groups.ts';

export default defineCause({
  id: 'target-group-not-routed',
  needs: ['listenerRules', 'targetGroups', 'targetHealth'],
  uses: ['idleTargetGroups', 'changes', 'loadBalancerMetrics', 'tags', 'loadBalancer'],
  causes: ['no-registered-targets'],
  ofSettings: true,
  madeBy: [routingChange],
  inCluster: { mends: [ingressRules] },

  examine(seen, { window }) {
    const { listenerRules, targetGroups, targetHealth, idleTargetGroups } = seen;
    const routed = routedGroups(listenerRules);
    const empty = targetGroups.filter(
      ({ arn }) => routed.includes(arn) && !targetsOf(targetHealth, arn).some(isUsable),
    );
    if (empty.length === 0) return ruledOut(text`every group that rules forward to has a target`);

    const unrouted = targetGroups
      .filter(({ arn }) => !routed.includes(arn))
      .map((group) => ({ group, targets: targetsOf(targetHealth, group.arn), attached: true }));
    const idle = (ifSeen(idleTargetGroups) ?? []).map((one) => ({ ...one, attached: false }));
    const spare = [...unrouted, ...idle]
      .map((one): Holder => ({ ...one, targets: one.targets.filter(isReady) }))
      .filter(({ targets }) => targets.length > 0);

    const metrics = ifSeen(seen.loadBalancerMetrics);
    const episode = metrics && errorEpisode(metrics, window);
    const errors503 = metrics && episode ? errorsInEpisode(errorSeries(metrics), '503', episode) : 0;
    const incident = { errors503, onset: episode?.onset ?? window.from, changes: ifSeen(seen.changes) };
    const owner = ifSeen(seen.tags)?.[ifSeen(seen.loadBalancer)?.arn ?? ''] ?? {};
    const findings = empty.flatMap((group) => {
      const [first, ...others] = holdersFor(group, spare);
      return first === undefined ? [] : [found(group, [first, ...others], listenerRules, incident, owner)];
    });
    if (findings.length > 0) return { is: 'found', findings };
    const missing = idleTargetGroups.seen ? idleTargetGroups.gaps[0] : idleTargetGroups;
    if (missing === undefined) return ruledOut(text`no other group holds targets that could take the requests`);
    const { why, detail, action } = missing;
    return unsure({ evidence: 'idleTargetGroups', why, detail, ...(action === undefined ? {} : { action }) });
  },
});

/** A group that no rule sends anything to, and what in it is ready for requests. */
interface Holder {
  readonly group: TargetGroup;
  readonly targets: readonly Target[];
  /** Rules name it, with weight 0. Else it is one of the VPC, and may be for something else. */
  readonly attached: boolean;
}

/** Ready for requests, as far as AWS says: targets of a group that no rule names are not even checked. */
function isReady({ state, reason, description }: Target): boolean {
  if (state === 'healthy') return true;
  return reason === 'Target.NotInUse' && !/availability zone/i.test(description ?? '');
}

/** Those of the same kind that rules name; else those of the VPC that speak the same protocol on the same port. */
function holdersFor(empty: TargetGroup, spare: readonly Holder[]): readonly Holder[] {
  const alike = spare.filter(({ group }) => group.targetType === empty.targetType);
  const attached = alike.filter((one) => one.attached);
  if (attached.length > 0) return attached;
  return alike.filter(
    ({ group }) =>
      group.protocol === empty.protocol && group.protocolVersion === empty.protocolVersion && group.port === empty.port,
  );
}

interface Incident {
  readonly errors503: number;
  readonly onset: string;
  readonly changes: readonly ChangeEvent[] | undefined;
}

/** Nobody was seen to empty it: then targets that stand elsewhere are likely its own. */
function leftAlone({ arn }: TargetGroup, changes: readonly ChangeEvent[] | undefined): boolean {
  return changes?.every(({ event, resources }) => event !== 'DeregisterTargets' || !resources.includes(arn)) ?? false;
}

function found(
  group: TargetGroup,
  holders: readonly [Holder, ...Holder[]],
  rules: readonly ListenerRule[],
  { errors503, onset, changes }: Incident,
  owner: Readonly<Record<string, string>>,
): Found<
  'listenerRules' | 'targetHealth',
  'listenerRules' | 'targetHealth' | 'idleTargetGroups' | 'loadBalancerMetrics'
> {
  const [holder] = holders;
  const one = holders.length === 1;
  const names = listed(
    holders.map((each) => resource(each.group.name)),
    3,
  );
  const naming = rulesTo(rules, group.arn);
  const sure = holder.attached ? 'decisive' : one && leftAlone(group, changes) ? 'strong' : 'circumstantial';
  return {
    strength: errors503 > 0 ? sure : 'circumstantial',
    says: text`Requests go to ${resource(group.name)}, which has no target; ${names} ${one ? 'has' : 'have'} targets and ${one ? 'gets' : 'get'} none`,
    because: [
      {
        from: 'listenerRules',
        shows: text`${count(naming.length, 'rule forwards', 'rules forward')} to ${resource(group.name)} (${listed(naming.map(ruleSaid), 3)}), and no rule sends anything to ${names}`,
      },
      { from: 'targetHealth', shows: text`${resource(group.name)} has no usable target` },
      ...holders.slice(0, 3).map((each) => ({
        from: each.attached ? ('targetHealth' as const) : ('idleTargetGroups' as const),
        shows: text`${resource(each.group.name)} holds ${count(each.targets.length, 'target')}${each.attached ? '' : ', and no load balancer uses it'}`,
      })),
      ...(errors503 > 0
        ? [
            {
              from: 'loadBalancerMetrics' as const,
              shows: text`${count(errors503, 'request')} answered ${code(503)} since ${time(onset)}`,
            },
          ]
        : []),
    ],
    affects: { targetGroups: [group.arn], targets: [] },
    explains: ['503'],
    restsOn: holders.map((each) => each.group.arn),
    fromAbsence: true,
    fixes: [
      ...(one ? inSteps(naming.flatMap((rule) => switchedTo(holder.group, group, rule, owner))) : []),
      whoSwitched(onset),
    ],
    facts: { targetGroup: group.arn, holders: holders.map((each) => each.group.arn), errors503 },
  };
}

function ruleSaid({ priority, conditions }: ListenerRule): Text {
  if (priority === null) return text`the default rule`;
  return text`priority ${code(priority)}${conditions.length === 0 ? '' : text`, ${verbatim(conditions.join(', '))}`}`;
}
