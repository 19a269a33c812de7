import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { count, text } from '../../../incident/text.ts';
import { instanceCall, rollout } from '../../../semantics/changes/change-kinds.ts';
import { failsChecks, groupsOf } from '../../../semantics/targets/targets.ts';
import type { TargetTraffic } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, notApplicable, refusedOf, ruledOut, unsure } from '../../cause.ts';
import { takenAway } from '../../kit/ecs-words.ts';
import { refusedBefore } from './refusals.ts';
import { refusedByState, refusingTargets } from './refusing-targets.ts';

/** Minutes in which a process that is gone now has refused every request. */
const RECENT = 3;

export default defineCause({
  id: 'nothing-listening',
  needs: ['targetHealth', 'targetGroups', 'errors', 'routed', 'traffic', 'probes', 'paths'],
  uses: [
    'targetGroupMetrics',
    'applicationStatus',
    'instances',
    'targetInterfaces',
    'instanceMetrics',
    'ecsTasks',
    'takenTargets',
    'consoleOutput',
    'routeTables',
    'autoScalingInstances',
  ],
  setOffBy: [instanceCall('reboots', 'starts'), rollout],
  fromHealthChecks: true,
  inCluster: { see: ['restarts'] },

  examine(seen, { at }) {
    const { targetHealth, targetGroups, errors, routed, traffic } = seen;
    const networked = targetGroups.filter(({ targetType }) => targetType !== 'lambda');
    if (networked.length === 0) return notApplicable(text`no target is reached over a network`, 'targetGroups');

    const probes = seen.probes.of(targetHealth.filter(failsChecks));
    const proven = new Set(probes.filter(({ found }) => found === 'refused').map(({ target }) => target));
    const refusing = targetHealth.filter((target) => refusesChecks(target, networked) || proven.has(target));
    if (refusing.length === 0) {
      const asked = routed.groups.filter((arn) => networked.some((group) => group.arn === arn));
      const apart = targetHealth.filter((target) => isCheckedElsewhere(target, networked));
      const before = refusedBefore(asked, traffic, errors, apart.length > 0, ifSeen(seen.targetGroupMetrics));
      if (before !== null) return { is: 'found', findings: [before] };
      const gone = takenAway(seen.takenTargets, 'Target.FailedHealthChecks');
      if (gone !== undefined) return unsure(gone);
      const [unasked] = targetHealth.some(failsChecks) ? refusedOf('applicationStatus', seen.applicationStatus) : [];
      if (unasked !== undefined) return unsure(unasked);
      return withoutRefusals(apart.length, traffic.of(asked));
    }

    const failing = groupsOf(refusing);
    // While healthy targets are left, the failing ones get no requests: then no failed connection tells nothing.
    const refused = new Set(refusing);
    const allFail = targetHealth.every((one) => refused.has(one) || !failing.includes(one.targetGroup));
    const lately = traffic.of(failing, { first: errors.span.last - RECENT, last: errors.span.last });
    if (allFail && lately?.failedConnections === 0 && proven.size === 0) {
      const made = text`${count(lately.requests, 'request')} in the last minutes, and every connection was made`;
      return ruledOut(text`the failing targets got ${made}`);
    }
    return { is: 'found', findings: [refusingTargets(refusing, probes, seen, at)] };
  },

  // That checks fail is no proof: a slow start, another protocol or a crash does that as well.
  ofStateAlone: ({ targetHealth, probes }) =>
    refusedByState(probes.of(targetHealth.filter(failsChecks)).filter(({ found }) => found === 'refused')),
});

/** A check of another port tells nothing of that which requests go to. */
function withoutRefusals(checkedElsewhere: number, traffic: TargetTraffic | null) {
  if (checkedElsewhere === 0 || traffic?.failedConnections === 0) {
    return ruledOut(text`no target refuses connections on its port`);
  }
  const detail = `the health checks of ${count(checkedElsewhere, 'target')} use a different port than requests`;
  return unsure({ evidence: 'targetHealth', why: 'partial', detail });
}

function refusesChecks(target: Target, groups: readonly TargetGroup[]): boolean {
  return target.reason === 'Target.FailedHealthChecks' && !isCheckedElsewhere(target, groups);
}

function isCheckedElsewhere(target: Target, groups: readonly TargetGroup[]): boolean {
  const traffic = target.port ?? groups.find(({ arn }) => arn === target.targetGroup)?.port;
  return target.healthCheckPort !== null && target.healthCheckPort !== traffic;
}
