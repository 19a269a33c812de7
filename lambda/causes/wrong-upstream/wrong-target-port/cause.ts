import type { EcsService, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { targetPort } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { targetCall } from '../../../semantics/changes/change-kinds.ts';
import { areOfOneApplication } from '../../../semantics/ecs/service-of-target.ts';
import { portsOpenedInstead } from '../../../semantics/ecs/services.ts';
import { neverHealthy, neverHealthySince } from '../../../semantics/targets/health-history.ts';
import { isSilentToRequests, servesOnItsPort } from '../../../semantics/targets/ports-in-use.ts';
import { registeredAt } from '../../../semantics/targets/target-registrations.ts';
import { failsChecks, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, refusedOf, ruledOut, unsure } from '../../cause.ts';
import { takenAway } from '../../kit/ecs-words.ts';
import { answersElsewhere, isElsewhere, oddOnesOut, portNotMapped, wrongPortFinding } from './wrong-ports.ts';

export default defineCause({
  id: 'wrong-target-port',
  needs: ['targetHealth', 'targetGroups', 'paths', 'routed'],
  uses: ['targetGroupMetrics', 'ecsServices', 'ecsTasks', 'ecsTaskDefinitions', 'takenTargets', 'tags', 'changes'],
  breaksHealthChecks: true,
  // Where targets are moved to another port, those on the one before are taken away.
  causes: ['nothing-listening', 'deployment-replacing-targets'],
  madeBy: [targetCall('registers')],
  fromHealthChecks: true,
  inCluster: { mends: [targetPort] },

  examine({ targetHealth, targetGroups, paths, routed, ...seen }, { window }) {
    const silent = targetHealth.filter((target) => routed.has(target.targetGroup) && isSilentToRequests(target));
    const gone = takenAway(seen.takenTargets, 'Target.FailedHealthChecks', 'Target.Timeout');
    if (silent.length === 0) {
      if (gone !== undefined) return unsure(gone);
      return ruledOut(text`no target refuses or drops connections on its port`, 'targetHealth');
    }
    const [tasks, definitions] = [ifSeen(seen.ecsTasks) ?? [], ifSeen(seen.ecsTaskDefinitions) ?? []];
    const services = ifSeen(seen.ecsServices) ?? [];
    const working = targetHealth.filter(servesOnItsPort);
    const isTwin = (one: Target, other: Target) =>
      isElsewhere(one, other) && areOfOneApplication(one, other, services, tasks);
    const findings = targetGroups.flatMap((group) => {
      const failing = targetsOf(silent, group.arn);
      if (failing.length === 0) return [];
      const opened = portsOpenedInstead(failing, tasks, definitions);
      const tags = ifSeen(seen.tags)?.[group.arn];
      if (opened !== null) {
        const isByHand = services.every((service) => service.targetGroups.every(({ arn }) => arn !== group.arn));
        return [wrongPortFinding(group, portNotMapped(group, failing, opened, { isByHand, tags }), window.from)];
      }
      const checked = targetsOf(targetHealth, group.arn).filter((one) => one.state === 'healthy' || failsChecks(one));
      const twins = failing.flatMap((target) => working.find((one) => isTwin(one, target)) ?? []);
      const history = neverHealthy(ifSeen(seen.targetGroupMetrics), group.arn);
      const registered = registeredAt(group.arn, failing, ifSeen(seen.changes) ?? []);
      const since = {
        at: registered,
        neverHealthy: registered !== null && neverHealthySince(registered, ifSeen(seen.targetGroupMetrics), group.arn),
      };
      const wrong =
        twins.length === failing.length && failing.length === checked.length
          ? answersElsewhere(group, failing, twins, { path: paths.to(failing), neverHealthy: history, since, tags })
          : oddOnesOut(group, failing, checked);
      return wrong === null ? [] : [wrongPortFinding(group, wrong, window.from)];
    });
    const missing = gone ?? definitionsUnread(services, silent, seen.ecsTaskDefinitions);
    if (findings.length === 0 && missing !== undefined) return unsure(missing);
    return foundOr(findings, text`no target that fails is known to work on another port`);
  },
});

/** Where tasks fail, which ports their containers open stands there. */
function definitionsUnread(
  services: readonly EcsService[],
  failing: readonly Target[],
  definitions: Observed<unknown>,
) {
  const bound = new Set(services.flatMap(({ targetGroups }) => targetGroups.map(({ arn }) => arn)));
  return failing.some(({ targetGroup }) => bound.has(targetGroup))
    ? refusedOf('ecsTaskDefinitions', definitions)[0]
    : undefined;
}
