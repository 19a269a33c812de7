import type {
  EcsTask,
  EcsTaskDefinition,
  MetricsById,
  Target,
  TargetGroup,
  TargetGroupMetric,
} from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, text } from '../../../incident/text.ts';
import { targetPort } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { targetCall } from '../../../semantics/changes/change-kinds.ts';
import { containerPortsOf } from '../../../semantics/ecs/services.ts';
import { failsChecks, getsNoAnswer, portsOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { maxOf } from '../../../semantics/time/minutes.ts';
import { defineCause, foundOr, ruledOut } from '../../cause.ts';
import { answersElsewhere, isTwin, workingByHost } from './working-elsewhere.ts';
import { portList, type WrongPort, wrongPortFinding } from './wrong-port.ts';

export default defineCause({
  id: 'wrong-target-port',
  needs: ['targetHealth', 'targetGroups', 'paths', 'routed'],
  uses: ['targetGroupMetrics', 'ecsTasks', 'ecsTaskDefinitions', 'tags'],
  causes: ['nothing-listening'],
  madeBy: [targetCall('registers')],
  fromHealthChecks: true,
  inCluster: { mends: [targetPort] },

  examine({ targetHealth, targetGroups, paths, routed, ...seen }, { window }) {
    const silent = targetHealth.filter((target) => routed.has(target.targetGroup) && isSilent(target));
    if (silent.length === 0) {
      return ruledOut(text`no target refuses or drops what is sent to its port`, 'targetHealth');
    }
    const working = workingByHost(targetHealth);
    const findings = targetGroups.flatMap((group) => {
      const failing = targetsOf(silent, group.arn);
      if (failing.length === 0) return [];
      const checked = targetsOf(targetHealth, group.arn).filter((one) => one.state === 'healthy' || failsChecks(one));
      const twins = failing.flatMap((target) => working.get(target.id)?.find((one) => isTwin(one, target)) ?? []);
      const allElsewhere = twins.length === failing.length && failing.length === checked.length;
      const wrong =
        portNotMapped(group, failing, ifSeen(seen.ecsTasks) ?? [], ifSeen(seen.ecsTaskDefinitions) ?? []) ??
        (allElsewhere
          ? answersElsewhere(group, failing, twins, {
              path: paths.to(failing),
              neverHealthy: neverHealthy(group.arn, ifSeen(seen.targetGroupMetrics)),
              tags: ifSeen(seen.tags)?.[group.arn],
            })
          : oddOnesOut(group, failing, checked));
      return wrong === null ? [] : [wrongPortFinding(group.arn, wrong, window.from)];
    });
    return foundOr(findings, text`no target that fails is known to work on another port`);
  },
});

/** Refused or dropped on the very port that requests go to. */
function isSilent(target: Target): boolean {
  const { port, healthCheckPort } = target;
  const checked = port === null || healthCheckPort === null || healthCheckPort === port;
  return checked && getsNoAnswer(target);
}

function neverHealthy(arn: string, byGroup: MetricsById<TargetGroupMetric> | undefined): boolean {
  return maxOf(byGroup?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'] ?? []) === 0;
}

/** Where no task opens the port that it is registered with. */
function portNotMapped(
  { name }: TargetGroup,
  targets: readonly Target[],
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): WrongPort | null {
  const open = targets.map((target) => {
    const ports = containerPortsOf(target, tasks, definitions);
    return target.port === null || ports?.includes(target.port) ? undefined : ports;
  });
  if (open.includes(undefined)) return null;
  const workingPorts = [...new Set(open.flatMap((ports) => ports ?? []))].sort((a, b) => a - b);
  const shows = text`the port mappings of these tasks name ${listed(workingPorts.map(code))} only`;
  return {
    says: text`${resource(name)} sends to port ${portList(targets)}, which the containers there do not open`,
    proves: { holds: true, shows: [{ from: 'ecsTaskDefinitions', shows }] },
    agrees: [],
    ...{ targets, workingPorts, neverHealthy: false },
  };
}

/** Some on a port of their own, where the healthy ones all have the group's. Of the hosts on it, nothing is known. */
function oddOnesOut(
  { name, port }: TargetGroup,
  failing: readonly Target[],
  checked: readonly Target[],
): WrongPort | null {
  const targets = failing.filter((target) => target.port !== null && target.port !== port);
  const healthy = checked.filter(({ state }) => state === 'healthy');
  if (targets.length === 0 || healthy.length === 0 || healthy.some((one) => one.port !== port)) return null;
  const shows = text`the default port of ${resource(name)} is ${code(port ?? 'not set')}, and ${count(healthy.length, 'target is', 'targets are')} healthy on it`;
  return {
    says: text`${count(targets.length, 'target')} of ${resource(name)} ${targets.length === 1 ? 'is' : 'are'} registered on port ${portList(targets)}, the healthy ones on ${portList(healthy)}`,
    agrees: [{ holds: 'unseen', shows: [{ from: 'targetGroups', shows }] }],
    ...{ targets, workingPorts: portsOf(healthy) },
  };
}
