import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, formatNumber, resource, type Text, text, time } from '../../../incident/text.ts';
import { replicas } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth } from '../../../remedies/look.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { fewHealthyBefore } from '../../../semantics/targets/healthy-share.ts';
import { groupName, targetsOf } from '../../../semantics/targets/targets.ts';
import { sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { instanceCall, scaling, targetCall } from '../../kit/changes.ts';
import { moreTargets } from '../limit/more-targets.ts';

/**
 * The few carry twice what each target carried before, give or take what traffic varies by itself: when just half of the
 * targets are lost, the load of the others comes to about that.
 */
const BURDEN = 1.8;

export default defineCause({
  id: 'too-few-healthy-targets',
  needs: ['targetGroupMetrics', 'loadBalancerMetrics', 'listenerRules'],
  uses: ['targetHealth', 'instances', 'autoScalingInstances', 'autoScalingGroups', 'targetInterfaces', 'loadBalancer'],
  causes: ['cpu-saturated', 'slower-than-idle-timeout', 'target-returns-5xx'],
  setOffBy: [scaling, targetCall('deregisters'), instanceCall('stops', 'terminates')],
  fromHealthChecks: true,
  inCluster: { mends: [replicas] },

  examine(seen, { window }) {
    const { targetGroupMetrics, loadBalancerMetrics, listenerRules } = seen;
    const episode = errorEpisode(loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const routed = routedGroups(listenerRules);
    const onset = episode.span.first;

    const few = targetGroupMetrics.of.flatMap(({ id, values }) => {
      const requests = values.RequestCount ?? (routed.length === 1 ? requestSeries(loadBalancerMetrics) : undefined);
      const failedOpen = sumOf(valuesIn(values.UnhealthyRoutingRequestCount, episode.span)) ?? 0;
      if (!routed.includes(id) || failedOpen > 0 || hasFunctions(ifSeen(seen.targetHealth), id)) return [];
      const found = fewHealthyBefore(values, requests, onset);
      return found === null ? [] : [{ id, found }];
    });
    const findings = few.flatMap(({ id, found }): Found<Key, Key>[] => {
      if (found === 'not-seen') return [];
      const { healthy, of, shifted, before, now, first } = found;
      if (before === null || now === null || before === 0 || now < BURDEN * before) return [];
      const since = timeOfMinute(targetGroupMetrics.grid, first);
      const targets = targetsOf(ifSeen(seen.targetHealth) ?? [], id);
      return [
        {
          strength: 'strong',
          says: text`${formatNumber(healthy)} of ${formatNumber(of)} targets of ${resource(groupName(id))} ${healthy === 1 ? 'carries' : 'carry'} its requests alone${shifted > 0 ? ', after a zonal shift' : ''}`,
          since,
          because: [
            {
              from: 'targetGroupMetrics',
              shows: text`${shifted > 0 ? text`a zonal shift keeps requests from ${formatNumber(shifted)} of ${formatNumber(of)} targets` : text`${code('HealthyHostCount')} at ${formatNumber(healthy)} of ${formatNumber(of)}`} from ${time(since)} on; errors from ${time(episode.onset)} on`,
              at: since,
            },
            {
              from: 'targetGroupMetrics',
              shows: text`${formatNumber(Math.round(now))} requests a minute for each ${shifted > 0 ? 'of the rest' : 'healthy target'}, against ${formatNumber(Math.round(before))} before`,
            },
          ],
          affects: { targetGroups: [id], targets: [] },
          explains: EXPLAINED,
          fixes: [
            ...(shifted > 0 ? endsOfShift(ifSeen(seen.loadBalancer)?.arn) : []),
            ...(shifted < of - healthy
              ? [look(text`see why the others fail: their health has the reason`, showHealth(id))]
              : []),
            ...(targets.length === 0 ? [] : moreTargets(targets, seen)),
          ],
          facts: {
            targetGroup: id,
            healthy: healthy,
            of: of,
            requestsPerHealthy: now,
            before: before,
          },
        },
      ];
    });
    const [unknown] = few.filter(({ found }) => found === 'not-seen' || found.before === null || found.now === null);
    if (findings.length === 0 && unknown !== undefined) {
      const detail = `how many targets of ${groupName(unknown.id)} were healthy, and what each got, was not seen`;
      return unsure({ evidence: 'targetGroupMetrics', why: 'partial', ids: [unknown.id], detail });
    }
    return foundOr(findings, text`in no group, few healthy targets had to carry twice their load before the errors`);
  },
});

type Key = 'targetGroupMetrics';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

function look(does: Text, run: Remedy['run']): Remedy {
  return { does, run, changes: false, undo: null, verify: null };
}

/** Whoever shifted it, or AWS by an autoshift, had a reason: it comes first to see whether that still holds. */
function endsOfShift(loadBalancer: string | undefined): readonly Remedy[] {
  const run = ['aws', 'arc-zonal-shift', 'get-managed-resource', '--resource-identifier'];
  const end = text`if the zone is well again, cancel the shift by that id (aws arc-zonal-shift cancel-zonal-shift --zonal-shift-id)`;
  return inSteps([
    look(
      text`see why the zone was shifted away, until when, and the ${code('zonalShiftId')}`,
      loadBalancer === undefined ? null : [...run, loadBalancer],
    ),
    { ...look(end, null), changes: true },
  ]);
}

/** AWS counts no hosts of a Lambda function unless it is told to check its health. */
function hasFunctions(targets: readonly Target[] | undefined, group: string): boolean {
  return targetsOf(targets ?? [], group).some(({ id }) => id.startsWith('arn:'));
}
