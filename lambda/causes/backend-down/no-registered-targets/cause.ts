import type { AutoScalingGroup, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, partOf, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { podsReady } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth, whatChangedOn, whoCalled } from '../../../remedies/look.ts';
import { managerOf, scalingGroup } from '../../../remedies/owner.ts';
import { fix, look } from '../../../remedies/remedy.ts';
import { detachment, routingTo, scaling, suspension, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { unmeant503sIn } from '../../../semantics/errors/fixed-share.ts';
import { groupsServing, standingCapacityCut } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { isIdle, targetsOf } from '../../../semantics/targets/targets.ts';
import { latest, plusSeconds } from '../../../semantics/time/minutes.ts';
import { answersOnPurpose, behindErrors, routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, type SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { fillsAgain, whyEmptyInShort, whyUnfilled } from './unfilled-groups.ts';

type Seen = SeenBy<'targetHealth' | 'listenerRules', 'errors' | 'tags' | 'autoScalingGroups'>;
type Empty = Found<'targetHealth', 'targetHealth' | 'listenerRules' | 'loadBalancerMetrics' | 'autoScalingGroups'>;

export default defineCause({
  id: 'no-registered-targets',
  needs: ['targetHealth', 'targetGroups', 'listenerRules'],
  uses: ['errors', 'tags', 'autoScalingGroups'],
  ofSettings: true,
  madeBy: [targetCall('deregisters'), routingTo, scaling, detachment, suspension],
  inCluster: { mends: [podsReady] },

  examine(seen, { window, unread }) {
    const { targetGroups, errors } = seen;
    const routed = routedGroups(seen.listenerRules);
    const asked = [...routed, ...behindErrors(seen.listenerRules)].filter((arn) => !unread('targetHealth').has(arn));
    const empty = targetGroups.filter(({ arn }) => asked.includes(arn) && isEmpty(arn, seen));
    const names = routed.map((arn) => resource(targetGroups.find((group) => group.arn === arn)?.name ?? arn));
    const areFixedUnread = unread('loadBalancerMetrics').has('HTTP_Fixed_Response_Count');
    return foundOr(
      empty.map((group) => emptyGroup(group, seen, errors?.episode?.onset ?? window.from, areFixedUnread)),
      text`${andList(names)} ${routed.length === 1 ? 'has' : 'have'} registered targets`,
    );
  },
});

/** Auto Scaling fills it, and is to have no instance: what still drains is the last of it. */
function wantsNone(scaling: readonly AutoScalingGroup[]): boolean {
  return scaling.length > 0 && scaling.every(({ desired }) => desired === 0);
}

function isEmpty(arn: string, { targetHealth, autoScalingGroups }: Seen): boolean {
  const isLast = wantsNone(groupsServing(ifSeen(autoScalingGroups) ?? [], arn));
  return targetsOf(targetHealth, arn).every((one) => isIdle(one) || (isLast && leaves(one)));
}

const leaves = ({ state }: Target): boolean => state === 'draining';

const LEAVES_WITH_COUNT = [
  'targets-not-yet-healthy',
  'deployment-replacing-targets',
  'deregistration-cuts-requests',
] as const;

function emptyGroup(group: TargetGroup, seen: Seen, onset: Time, areFixedUnread: boolean): Empty {
  const { arn, name, targetType } = group;
  const targets = targetsOf(seen.targetHealth, arn);
  const scaling = groupsServing(ifSeen(seen.autoScalingGroups) ?? [], arn);
  const managedBy = scaling[0] ? scalingGroup(scaling[0].name) : managerOf(ifSeen(seen.tags)?.[arn]);
  const isBehind = !routedGroups(seen.listenerRules).includes(arn);
  const errors503 = isBehind ? 0 : unmeant503sIn(seen.errors, seen.listenerRules);
  // Those that a rule answers on purpose count among them: without a count of those, nobody knows whose they are.
  const isProved = errors503 > 0 && !(areFixedUnread && answersOnPurpose(seen.listenerRules, '503'));
  const fills = scaling.flatMap((one) => fillsAgain(one, arn, targets));
  const why = scaling.map((one) => whyEmptyInShort(one, arn, targets)).find((short) => short !== null);
  const isSet = wantsNone(scaling);
  const cuts = isSet ? scaling.flatMap((one) => standingCapacityCut(one)?.at ?? []) : [];
  const those = targetType === 'instance' ? 'instances' : 'targets';
  return {
    strength: isProved ? 'decisive' : 'circumstantial',
    says: text`${resource(name)} ${isProved ? 'gets requests but' : 'is meant to get requests but'} has ${targets.length === 0 ? 'no registered target' : 'no usable target'}${why ? text`: ${why}` : ''}`,
    since: latest(cuts),
    because: [
      cite.targetHealth`${stateSaid(group, targets)}`,
      cite.listenerRules`a rule forwards ${isBehind ? 'what another group does not answer' : 'requests'} to ${resource(name)}`,
      errors503 > 0 &&
        cite.loadBalancerMetrics`${count(errors503, 'request')} answered ${code(503)} since ${time(onset)}`,
      ...scaling.flatMap((one) => whyUnfilled(one, arn, targets)),
    ],
    affects: { targetGroups: [arn], targets: [] },
    explains: ['503'],
    comesNext: errors503 === 0,
    // No fault sets the count: what left then left for it.
    ...(isSet ? { asSet: true, causes: LEAVES_WITH_COUNT } : {}),
    fixes: [
      ...fills,
      // What Auto Scaling takes away it says why.
      isSet
        ? cuts.length === 0 &&
          look(
            text`find out who set the desired capacity to 0`,
            whatChangedOn(scaling[0]?.name ?? '', plusSeconds(onset, -3600)),
          )
        : look(text`find out who deregistered the targets`, whoCalled('DeregisterTargets', plusSeconds(onset, -3600))),
      fills.length === 0 &&
        fix(text`register the ${those} with ${resource(name)} again, or start what registers them`, {
          verify: showHealth(arn),
          managedBy,
        }),
    ],
    facts: { targetGroup: arn, registered: targets.length, errors503 },
  };
}

function stateSaid({ name }: TargetGroup, targets: readonly Target[]): Text {
  if (targets.length === 0) return text`no target is registered with ${resource(name)}`;
  const reasons = [...new Set(targets.map(({ reason }) => reason ?? 'no reason given'))].sort();
  const states = [...new Set(targets.map(({ state }) => state))].sort();
  return text`${partOf(targets.length, targets.length, 'target')} of ${resource(name)} ${targets.length === 1 ? 'is' : 'are'} ${andList(states.map(code))}: ${andList(reasons.map(code))}`;
}
