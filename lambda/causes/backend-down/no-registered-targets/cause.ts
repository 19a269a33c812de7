import type { Errors } from '../../../computed/errors.ts';
import type { ListenerRule, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { podsReady } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managerOf, scalingGroup } from '../../../remedies/owner.ts';
import { fix, look } from '../../../remedies/remedy.ts';
import { detachment, routingTo, scaling, suspension, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { ownErrors503 } from '../../../semantics/errors/error-series.ts';
import { groupsServing } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { answersOnPurpose, routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, type SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { fillsAgain, whyEmptyInShort, whyUnfilled } from './unfilled-groups.ts';

/** Reasons for `unused` that are causes of their own: a stopped instance, a zone that is not enabled. */
const CAUSES_OF_THEIR_OWN = ['Target.InvalidState', 'Target.NotInUse'];

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
    const { targetHealth, targetGroups, errors } = seen;
    const routed = routedGroups(seen.listenerRules);
    const unseen = unread('targetHealth');
    const asked = targetGroups.filter(({ arn }) => routed.includes(arn) && !unseen.has(arn));
    const empty = asked.filter(({ arn }) => targetsOf(targetHealth, arn).every(isUnused));
    const names = routed.map((arn) => resource(targetGroups.find((group) => group.arn === arn)?.name ?? arn));
    return foundOr(
      empty.map((group) => emptyGroup(group, seen, errors?.episode?.onset ?? window.from)),
      text`${andList(names)} ${routed.length === 1 ? 'has' : 'have'} registered targets`,
    );
  },
});

function emptyGroup(group: TargetGroup, seen: Seen, onset: Time): Empty {
  const { arn, name, targetType } = group;
  const targets = targetsOf(seen.targetHealth, arn);
  const scaling = groupsServing(ifSeen(seen.autoScalingGroups) ?? [], arn);
  const managedBy = scaling[0] ? scalingGroup(scaling[0].name) : managerOf(ifSeen(seen.tags)?.[arn]);
  const errors503 = ownErrorsIn(seen.errors, seen.listenerRules);
  const fills = scaling.flatMap((one) => fillsAgain(one, arn, targets));
  const why = scaling.map((one) => whyEmptyInShort(one, arn, targets)).find((short) => short !== null);
  const those = targetType === 'instance' ? 'instances' : 'targets';
  return {
    strength: errors503 > 0 ? 'decisive' : 'circumstantial',
    says: text`${resource(name)} gets requests but has ${targets.length === 0 ? 'no registered target' : 'no usable target'}${why ? text`: ${why}` : ''}`,
    because: [
      cite.targetHealth`${stateSaid(group, targets)}`,
      cite.listenerRules`a rule forwards requests to ${resource(name)}`,
      errors503 > 0 &&
        cite.loadBalancerMetrics`${count(errors503, 'request')} answered ${code(503)} since ${time(onset)}`,
      ...scaling.flatMap((one) => whyUnfilled(one, arn, targets)),
    ],
    affects: { targetGroups: [arn], targets: [] },
    explains: ['503'],
    fixes: [
      ...fills,
      look(text`find out who took the targets away`, whoCalled('DeregisterTargets', plusSeconds(onset, -3600))),
      fills.length === 0 &&
        fix(text`register the ${those} of ${resource(name)} again, or start what registers them`, {
          verify: showHealth(arn),
          managedBy,
        }),
    ],
    facts: { targetGroup: arn, registered: targets.length, errors503 },
  };
}

/** The 503s of the episode that no rule answers on purpose. */
function ownErrorsIn(errors: Errors | undefined, rules: readonly ListenerRule[]): number {
  if (!errors?.episode) return 0;
  return sumOf(valuesIn(ownErrors503(errors.metrics, answersOnPurpose(rules, '503')), errors.span)) ?? 0;
}

function isUnused({ state, reason }: Target): boolean {
  return state === 'unused' && !CAUSES_OF_THEIR_OWN.includes(reason ?? '');
}

function stateSaid({ name }: TargetGroup, targets: readonly Target[]): Text {
  if (targets.length === 0) return text`no target is registered in ${resource(name)}`;
  const reasons = [...new Set(targets.map(({ reason }) => reason ?? 'no reason given'))].sort();
  return text`${count(targets.length, 'target')} of ${resource(name)}, all ${code('unused')}: ${andList(reasons.map(code))}`;
}
