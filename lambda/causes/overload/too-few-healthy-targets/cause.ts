import { ifSeen } from '../../../incident/observed.ts';
import { code, formatNumber, resource, type Time, text, time } from '../../../incident/text.ts';
import { moreTargets } from '../../../remedies/capacity.ts';
import { replicas } from '../../../remedies/kubernetes/pod-remedies.ts';
import { endZonalShift } from '../../../remedies/load-balancer.ts';
import { showHealth } from '../../../remedies/look.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import { instanceCall, scaling, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { type FewInGroup, groupsWithFewHealthy, type UnseenGroup } from '../../../semantics/targets/healthy-share.ts';
import { groupName, targetsOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { OVERLOAD_ERRORS } from '../../kit/targets-at-limit.ts';

type Proof = 'targetGroupMetrics';

/**
 * The few carry twice what each target carried before, give or take what traffic varies by itself: when just half of the
 * targets are lost, the load of the others comes to about that.
 */
const BURDEN = 1.8;

export default defineCause({
  id: 'too-few-healthy-targets',
  needs: ['targetGroupMetrics', 'errors', 'listenerRules'],
  uses: [
    'targetHealth',
    'instances',
    'autoScalingInstances',
    'autoScalingGroups',
    'targetInterfaces',
    'loadBalancer',
    'ecsServices',
  ],
  causes: ['cpu-saturated', 'slower-than-idle-timeout', 'target-returns-5xx'],
  setOffBy: [scaling, targetCall('deregisters'), instanceCall('stops', 'terminates')],
  fromHealthChecks: true,
  inCluster: { mends: [replicas] },

  examine({ targetGroupMetrics, errors, listenerRules, ...seen }) {
    const { episode } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const targets = ifSeen(seen.targetHealth) ?? [];
    const few = groupsWithFewHealthy(targetGroupMetrics, routedGroups(listenerRules), targets, errors, episode);
    const findings = few.filter(isBurdened).map((one) => {
      const others = moreTargets(targetsOf(targets, one.targetGroup), seen, episode.onset);
      const began = timeOfMinute(targetGroupMetrics.grid, one.first);
      const shift = one.shifted > 0 ? endZonalShift(ifSeen(seen.loadBalancer)?.arn) : [];
      return findingOf(one, began, episode.onset, [...shift, ...others, ...whyOthersFail(one)]);
    });
    const unseen = few.find((one) => !('healthy' in one));
    if (findings.length === 0 && unseen !== undefined) {
      const { targetGroup } = unseen;
      const detail = `how many targets of ${groupName(targetGroup)} were healthy, and how many requests each got, was not seen`;
      return unsure({ evidence: 'targetGroupMetrics', why: 'partial', ids: [targetGroup], detail });
    }
    return foundOr(findings, text`in no group did a few healthy targets carry twice their load before the errors`);
  },
});

const isBurdened = (few: FewInGroup | UnseenGroup): few is FewInGroup =>
  'healthy' in few && few.before > 0 && few.now >= BURDEN * few.before;

function findingOf(group: FewInGroup, began: Time, onset: Time, fixes: readonly Remedy[]): Found<Proof, Proof> {
  const { targetGroup, healthy, of, shifted, before, now } = group;
  const few = text`${formatNumber(healthy)} of ${formatNumber(of)}`;
  const sign =
    shifted > 0
      ? text`a zonal shift keeps requests from ${formatNumber(shifted)} of ${formatNumber(of)} targets`
      : text`${code('HealthyHostCount')} at ${few}`;
  return {
    strength: 'strong',
    says: text`${few} targets of ${resource(groupName(targetGroup))} ${healthy === 1 ? 'carries' : 'carry'} its requests alone${shifted > 0 ? ', after a zonal shift' : ''}`,
    since: began,
    because: [
      citeAt(began).targetGroupMetrics`${sign} from ${time(began)} on; errors from ${time(onset)} on`,
      cite.targetGroupMetrics`${formatNumber(Math.round(now))} requests a minute for each ${shifted > 0 ? 'of the rest' : 'healthy target'}, against ${formatNumber(Math.round(before))} before`,
    ],
    affects: { targetGroups: [targetGroup], targets: [] },
    explains: OVERLOAD_ERRORS,
    fixes,
    facts: { targetGroup, healthy, of, requestsPerHealthy: now, before },
  };
}

function whyOthersFail({ targetGroup, healthy, of, shifted }: FewInGroup): readonly Remedy[] {
  if (shifted >= of - healthy) return [];
  return [look(text`see in their health why the others fail`, showHealth(targetGroup))];
}
