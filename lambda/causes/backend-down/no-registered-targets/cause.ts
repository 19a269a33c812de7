import type { Errors } from '../../../computed/errors.ts';
import type { AutoScalingGroup, ListenerRule, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { podsReady } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { fix, look, type Remedy } from '../../../remedies/remedy.ts';
import { ownErrors503 } from '../../../semantics/errors/error-series.ts';
import { groupsServing } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { answersOnPurpose, routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';
import { detachment, routingTo, scaling, suspension, targetCall } from '../../kit/changes.ts';
import { fillsAgain, whyEmptyInShort, whyUnfilled } from './unfilled-groups.ts';

/** Reasons for `unused` that are causes of their own: a stopped instance, a zone that is not enabled. */
const CAUSES_OF_THEIR_OWN = ['Target.InvalidState', 'Target.NotInUse'];

type Empty = Found<'targetHealth', 'targetHealth' | 'listenerRules' | 'loadBalancerMetrics' | 'autoScalingGroups'>;

export default defineCause({
  id: 'no-registered-targets',
  needs: ['targetHealth', 'targetGroups', 'listenerRules'],
  uses: ['errors', 'tags', 'autoScalingGroups'],
  ofSettings: true,
  madeBy: [targetCall('deregisters'), routingTo, scaling, detachment, suspension],
  inCluster: { mends: [podsReady] },

  examine({ targetHealth, targetGroups, listenerRules, errors, ...seen }, { window, unread }) {
    const routed = routedGroups(listenerRules);
    const errors503 = errors === undefined ? 0 : ownErrorsIn(errors, listenerRules);
    const onset = errors?.episode?.onset ?? window.from;
    const empty = targetGroups.flatMap((group): readonly Empty[] => {
      const targets = targetsOf(targetHealth, group.arn);
      if (!routed.includes(group.arn) || unread('targetHealth').has(group.arn) || !targets.every(isUnused)) return [];
      const scaling = groupsServing(ifSeen(seen.autoScalingGroups) ?? [], group.arn);
      const fills = scaling.flatMap((one) => fillsAgain(one, group.arn, targets));
      const why = scaling.map((one) => whyEmptyInShort(one, group.arn, targets)).find((short) => short !== null);
      return [
        {
          strength: errors503 > 0 ? 'decisive' : 'circumstantial',
          says: text`${resource(group.name)} gets requests but has ${targets.length === 0 ? 'no registered target' : 'no usable target'}${why === undefined ? '' : text`: ${why}`}`,
          because: [
            { from: 'targetHealth', shows: stateSaid(group, targets) },
            { from: 'listenerRules', shows: text`a rule forwards requests to ${resource(group.name)}` },
            errors503 > 0 && {
              from: 'loadBalancerMetrics',
              shows: text`${count(errors503, 'request')} answered ${code(503)} since ${time(onset)}`,
            },
            ...scaling.flatMap((one) => whyUnfilled(one, group.arn, targets)),
          ],
          affects: { targetGroups: [group.arn], targets: [] },
          explains: ['503'],
          fixes: [
            ...fills,
            look(text`find out who took the targets away`, whoCalled('DeregisterTargets', plusSeconds(onset, -3600))),
            fills.length === 0 && registerAgain(group, scaling, ifSeen(seen.tags)?.[group.arn] ?? {}),
          ],
          facts: { targetGroup: group.arn, registered: targets.length, errors503 },
        },
      ];
    });
    const names = routed.map((arn) => resource(targetGroups.find((group) => group.arn === arn)?.name ?? arn));
    return foundOr(empty, text`${listed(names)} ${routed.length === 1 ? 'has' : 'have'} registered targets`);
  },
});

/** The 503s of the episode that no rule answers on purpose. */
function ownErrorsIn({ metrics, episode }: Errors, rules: readonly ListenerRule[]): number {
  if (episode === null) return 0;
  return sumOf(valuesIn(ownErrors503(metrics, answersOnPurpose(rules, '503')), episode.span)) ?? 0;
}

function isUnused({ state, reason }: Target): boolean {
  return state === 'unused' && !CAUSES_OF_THEIR_OWN.includes(reason ?? '');
}

function registerAgain(
  { arn, name, targetType }: TargetGroup,
  [scaling]: readonly AutoScalingGroup[],
  tags: Readonly<Record<string, string>>,
): Remedy {
  const those = targetType === 'instance' ? 'instances' : 'targets';
  return fix(text`register the ${those} of ${resource(name)} again, or start what registers them`, {
    verify: showHealth(arn),
    managedBy: scaling === undefined ? managerOf(tags) : `Auto Scaling group ${scaling.name}`,
  });
}

function stateSaid({ name }: TargetGroup, targets: readonly Target[]): Text {
  if (targets.length === 0) return text`no target is registered in ${resource(name)}`;
  const reasons = [...new Set(targets.map(({ reason }) => reason ?? 'no reason given'))].sort();
  return text`${count(targets.length, 'target')} of ${resource(name)}, all ${code('unused')}: ${listed(reasons.map(code))}`;
}
