import { ifSeen } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import { rollout, scaling, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { healthyOf } from '../../../semantics/targets/health-history.ts';
import { errorsOfLaunch, readinessOf } from '../../../semantics/targets/launches.ts';
import { startingTargets } from '../../../semantics/targets/start-up.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, foundOr, ruledOut } from '../../cause.ts';
import { launchFinding } from './launch.ts';
import { cameLate, onlyStarting, startingFinding } from './starting.ts';

/** Newest minutes in which a group that holds only new targets must answer 503. */
const LATELY = 5;

export default defineCause({
  id: 'targets-not-yet-healthy',
  needs: ['targetHealth', 'errors', 'churn', 'routed'],
  uses: ['targetGroupMetrics', 'ecsTasks', 'instances', 'targetInterfaces'],
  setOffBy: [rollout, scaling, targetCall('registers')],
  inCluster: { mends: [readinessGate] },

  examine({ targetHealth, errors, churn, routed, ...seen }, { at }) {
    const { episode, series } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const last = episode.grid.minutes - 1;
    const lately = sumOf(valuesIn(series['503'], { first: last - LATELY, last })) ?? 0;
    const ofRouted = targetHealth.filter(({ targetGroup }) => routed.has(targetGroup));
    const starting = ofRouted.filter(({ state }) => state === 'initial');
    const alone = starting.filter(({ targetGroup }) => onlyStarting(targetsOf(targetHealth, targetGroup)));
    if (alone.length > 0 && lately > 0)
      return { is: 'found', findings: [startingFinding(alone, lately, cameLate(alone, episode, seen))] };
    const healthy = (groups: readonly string[]) => healthyOf(ifSeen(seen.targetGroupMetrics), groups);
    const began = errorsOfLaunch(churn, healthy, episode);
    if (began !== null) {
      const awaited = startingTargets(ofRouted, at, { targetHealth, ...seen });
      const ready = readinessOf(began, awaited, healthy(began.launch.targetGroups), episode);
      const found = ready && launchFinding(began, ready, { targetHealth, awaited, errors, episode });
      if (found !== null) return { is: 'found', findings: [found] };
    }
    const findings = starting.length === 0 ? [] : [startingFinding(starting)];
    return foundOr(findings, text`no target that gets requests is new`);
  },
});
