import type { AutoScalingGroup, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, text } from '../../../incident/text.ts';
import { podsReady } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { ownErrors503 } from '../../../semantics/errors/error-series.ts';
import { groupsServing } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { answersOnPurpose, routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';
import { detachment, routingTo, scaling, suspension, targetCall } from '../../kit/changes.ts';
import { fillsAgain, inShort, whyUnfilled } from './unfilled-groups.ts';

/** Reasons for `unused` that are causes of their own: a stopped instance, a zone that is not enabled. */
const CAUSES_OF_THEIR_OWN = ['Target.InvalidState', 'Target.NotInUse'];

export default defineCause({
  id: 'no-registered-targets',
  needs: ['targetHealth', 'targetGroups', 'listenerRules'],
  uses: ['loadBalancerMetrics', 'tags', 'autoScalingGroups'],
  ofSettings: true,
  madeBy: [targetCall('deregisters'), routingTo, scaling, detachment, suspension],
  inCluster: { mends: [podsReady] },

  examine(
    { targetHealth, targetGroups, listenerRules, loadBalancerMetrics, tags, autoScalingGroups },
    { window, unread },
  ) {
    const routed = routedGroups(listenerRules);
    const empty = targetGroups.filter(
      (group) =>
        routed.includes(group.arn) &&
        !unread('targetHealth').has(group.arn) &&
        hasNothingUsable(targetsOf(targetHealth, group.arn)),
    );
    const metrics = ifSeen(loadBalancerMetrics);
    const episode = metrics && errorEpisode(metrics, window);
    const errors503 =
      metrics && episode
        ? (sumOf(valuesIn(ownErrors503(metrics, answersOnPurpose(listenerRules, '503')), episode.span)) ?? 0)
        : 0;

    return foundOr(
      empty.map((group): Found<'targetHealth', 'listenerRules' | 'loadBalancerMetrics' | 'autoScalingGroups'> => {
        const targets = targetsOf(targetHealth, group.arn);
        const scaling = groupsServing(ifSeen(autoScalingGroups) ?? [], group.arn);
        const fills = scaling.flatMap((one) => fillsAgain(one, group.arn, targets));
        const why = scaling.map((one) => inShort(one, group.arn, targets)).find((short) => short !== null);
        return {
          strength: errors503 > 0 ? 'decisive' : 'circumstantial',
          says: text`${resource(group.name)} gets requests but has ${targets.length === 0 ? 'no registered target' : 'no usable target'}${why === undefined ? '' : text`: ${why}`}`,
          because: [
            { from: 'targetHealth', shows: state(group, targets) },
            { from: 'listenerRules', shows: text`a rule forwards requests to ${resource(group.name)}` },
            ...(errors503 > 0
              ? [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`${count(errors503, 'request')} answered ${code(503)} since ${{ kind: 'time', at: episode?.onset ?? window.from }}`,
                  },
                ]
              : []),
            ...scaling.flatMap((one) => whyUnfilled(one, group.arn, targets)),
          ],
          affects: { targetGroups: [group.arn], targets: [] },
          explains: ['503'],
          fixes: [
            ...fills,
            {
              does: text`find out who took the targets away`,
              run: whoCalled('DeregisterTargets', plusSeconds(episode?.onset ?? window.from, -3600)),
              changes: false,
              undo: null,
              verify: null,
            },
            ...(fills.length > 0 ? [] : [registerAgain(group, scaling, ifSeen(tags) ?? {})]),
          ],
          facts: { targetGroup: group.arn, registered: targets.length, errors503 },
        };
      }),
      text`${listed(routed.map((arn) => resource(nameIn(targetGroups, arn))))} ${routed.length === 1 ? 'has' : 'have'} registered targets`,
    );
  },
});

function registerAgain(
  group: TargetGroup,
  scaling: readonly AutoScalingGroup[],
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Remedy {
  return {
    does: text`register the ${group.targetType === 'instance' ? 'instances' : 'targets'} of ${resource(group.name)} again, or start what registers them`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(group.arn),
    ...managedByField(tags[group.arn] ?? {}),
    ...ownedBy(scaling),
  };
}

function ownedBy([group]: readonly AutoScalingGroup[]): { managedBy?: string } {
  return group === undefined ? {} : { managedBy: `Auto Scaling group ${group.name}` };
}

function hasNothingUsable(targets: readonly Target[]): boolean {
  return targets.every((target) => target.state === 'unused' && !CAUSES_OF_THEIR_OWN.includes(target.reason ?? ''));
}

function state(group: TargetGroup, targets: readonly Target[]) {
  if (targets.length === 0) return text`no target is registered in ${resource(group.name)}`;
  const reasons = [...new Set(targets.map((target) => target.reason ?? 'no reason given'))].sort();
  return text`${count(targets.length, 'target')} of ${resource(group.name)}, all ${code('unused')}: ${listed(reasons.map(code))}`;
}

function nameIn(groups: readonly TargetGroup[], arn: string): string {
  return groups.find((group) => group.arn === arn)?.name ?? arn;
}
