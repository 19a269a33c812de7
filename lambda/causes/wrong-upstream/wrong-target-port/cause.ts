import type {
  EcsTask,
  EcsTaskDefinition,
  MetricsById,
  Target,
  TargetGroup,
  TargetGroupMetric,
} from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import { targetPort } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoCalled } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { containerPortsOf } from '../../../semantics/ecs/services.ts';
import { PATH_EVIDENCE, worstPathState } from '../../../semantics/network/target-paths.ts';
import {
  failsChecks,
  getsNoAnswer,
  groupName,
  portsOf,
  scopeOf,
  targetsOf,
} from '../../../semantics/targets/targets.ts';
import { maxOf, plusSeconds } from '../../../semantics/time/minutes.ts';
import { groupsInUse } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { targetCall } from '../../kit/changes.ts';
import { movedTo, portsSaid } from './answering-ports.ts';

export default defineCause({
  id: 'wrong-target-port',
  needs: ['targetHealth', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules', 'ecsTasks', 'ecsTaskDefinitions', 'tags', ...PATH_EVIDENCE],
  causes: ['nothing-listening'],
  madeBy: [targetCall('registers')],
  fromHealthChecks: true,
  inCluster: { mends: [targetPort] },

  examine(seen, { window }) {
    const { targetHealth, targetGroups } = seen;
    const inUse = groupsInUse(seen);
    const silent = targetHealth.filter((target) => inUse.includes(target.targetGroup) && isSilent(target));
    if (silent.length === 0) {
      return ruledOut(text`no target refuses or drops what is sent to its port`, 'targetHealth');
    }
    const working = workingPorts(targetHealth);
    const findings = targetGroups.flatMap((group): Finding[] => {
      const failing = targetsOf(silent, group.arn);
      if (failing.length === 0) return [];
      const tags = ifSeen(seen.tags)?.[group.arn] ?? {};
      const all = targetsOf(targetHealth, group.arn).filter(
        (target) => target.state === 'healthy' || failsChecks(target),
      );
      const unmapped = notMapped(failing, ifSeen(seen.ecsTasks) ?? [], ifSeen(seen.ecsTaskDefinitions) ?? []);
      if (unmapped !== null) return [portNotMapped(group, failing, unmapped, window)];
      const elsewhere = failing.flatMap((target) => working.get(target.id)?.find((one) => isTwin(one, target)) ?? []);
      if (elsewhere.length === failing.length && failing.length === all.length) {
        const byDefault = failing.every(
          ({ port }, index) => port !== group.port && elsewhere[index]?.port === group.port,
        );
        const neverUp = neverHealthy(group.arn, ifSeen(seen.targetGroupMetrics));
        const path = worstPathState(failing, targetGroups, seen);
        // A refusal came from the host itself; silence may come from anything on the way.
        const reached = failing.every(({ reason }) => reason === 'Target.FailedHealthChecks') && path !== 'blocked';
        const sure = (reached || path === 'open') && (byDefault || neverUp);
        return [healthyElsewhere(group, failing, elsewhere, sure, neverUp, window, tags)];
      }
      const odd = failing.filter(({ port }) => port !== null && port !== group.port);
      const healthy = all.filter(({ state }) => state === 'healthy');
      if (odd.length === 0 || healthy.length === 0 || healthy.some(({ port }) => port !== group.port)) return [];
      return [oddOnesOut(group, odd, healthy, window)];
    });
    return foundOr(findings, text`no target that fails is known to work on another port`);
  },
});

type Finding = Found<
  'targetHealth' | 'targetGroups',
  'targetHealth' | 'targetGroups' | 'targetGroupMetrics' | 'ecsTaskDefinitions'
>;

/** Refused or dropped on the very port that requests go to. */
function isSilent(target: Target): boolean {
  const { port, healthCheckPort } = target;
  const checked = port === null || healthCheckPort === null || healthCheckPort === port;
  return checked && getsNoAnswer(target);
}

/** By host: where it is healthy on the port that requests go to. */
function workingPorts(targets: readonly Target[]): ReadonlyMap<string, readonly Target[]> {
  const working = new Map<string, Target[]>();
  for (const target of targets) {
    if (target.state !== 'healthy' || target.port === null || target.healthCheckPort !== target.port) continue;
    working.set(target.id, [...(working.get(target.id) ?? []), target]);
  }
  return working;
}

/** The ports that all of these open, where none opens the one it is registered with; `null` where that is not so. */
function notMapped(
  failing: readonly Target[],
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): readonly number[] | null {
  const ports = failing.map((target) => {
    const open = containerPortsOf(target, tasks, definitions);
    return open === undefined || target.port === null || open.includes(target.port) ? null : open;
  });
  return ports.includes(null) ? null : [...new Set(ports.flatMap((open) => open ?? []))].sort((a, b) => a - b);
}

function portNotMapped(
  group: TargetGroup,
  failing: readonly Target[],
  open: readonly number[],
  window: Window,
): Finding {
  return {
    strength: 'decisive',
    says: text`${resource(group.name)} sends to port ${portsSaid(failing)}, which the containers there do not open`,
    because: [
      { from: 'targetHealth', shows: silenceSays(failing) },
      { from: 'ecsTaskDefinitions', shows: text`the port mappings of these tasks name ${listed(open.map(code))} only` },
    ],
    affects: scopeOf(failing),
    explains: ['502', '504'],
    fixes: [whoRegistered(window)],
    facts: { targetGroup: group.arn, ports: portsOf(failing), workingPorts: open, neverHealthy: false },
  };
}

/** In a group of its own: in one group, ECS registers many tasks of one host with a port each. */
function isTwin(working: Target, failing: Target): boolean {
  return working.targetGroup !== failing.targetGroup && working.port !== failing.port;
}

function neverHealthy(arn: string, byGroup: MetricsById<TargetGroupMetric> | undefined): boolean {
  return maxOf(byGroup?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'] ?? []) === 0;
}

function healthyElsewhere(
  group: TargetGroup,
  failing: readonly Target[],
  elsewhere: readonly Target[],
  sure: boolean,
  neverUp: boolean,
  window: Window,
  tags: Readonly<Record<string, string>>,
): Finding {
  const others = [...new Set(elsewhere.map(({ targetGroup }) => targetGroup))].sort();
  return {
    strength: sure ? 'strong' : 'circumstantial',
    says: text`${resource(group.name)} sends to port ${portsSaid(failing)}, where nothing answers; the same hosts answer on ${portsSaid(elsewhere)}`,
    because: [
      { from: 'targetHealth', shows: silenceSays(failing) },
      {
        from: 'targetHealth',
        shows: text`the same ${count(elsewhere.length, 'host is', 'hosts are')} healthy on ${portsSaid(elsewhere)} in ${listed(others.map((arn) => resource(groupName(arn))))}`,
      },
      neverUp
        ? {
            from: 'targetGroupMetrics',
            shows: text`${resource(group.name)} had no healthy target in the hours that were read`,
          }
        : {
            from: 'targetGroups',
            shows: text`the default port of ${resource(group.name)} is ${code(group.port ?? 'not set')}`,
          },
    ],
    affects: scopeOf(failing),
    explains: ['502', '504'],
    fixes: [...(sure ? movedTo(group, failing, elsewhere, tags) : []), whoRegistered(window)],
    facts: { targetGroup: group.arn, ports: portsOf(failing), workingPorts: portsOf(elsewhere), neverHealthy: neverUp },
  };
}

function oddOnesOut(group: TargetGroup, odd: readonly Target[], healthy: readonly Target[], window: Window): Finding {
  return {
    strength: 'circumstantial',
    says: text`${count(odd.length, 'target')} of ${resource(group.name)} ${odd.length === 1 ? 'is' : 'are'} registered on port ${portsSaid(odd)}, the healthy ones on ${portsSaid(healthy)}`,
    because: [
      { from: 'targetHealth', shows: silenceSays(odd) },
      {
        from: 'targetGroups',
        shows: text`the default port of ${resource(group.name)} is ${code(group.port ?? 'not set')}, and ${count(healthy.length, 'target is', 'targets are')} healthy on it`,
      },
    ],
    affects: scopeOf(odd),
    explains: ['502', '504'],
    fixes: [whoRegistered(window)],
    facts: { targetGroup: group.arn, ports: portsOf(odd), workingPorts: portsOf(healthy) },
  };
}

function silenceSays(failing: readonly Target[]): Text {
  const reasons = [...new Set(failing.map(({ reason }) => reason ?? ''))].sort();
  return text`${listed(failing.map(({ id }) => resource(id)))} ${failing.length === 1 ? 'fails' : 'fail'} on ${portsSaid(failing)}: ${listed(reasons.map(code))}`;
}

function whoRegistered({ from }: Window): Remedy {
  return {
    does: text`see who registered targets, and with which port`,
    run: whoCalled('RegisterTargets', plusSeconds(from, -24 * 3600)),
    changes: false,
    undo: null,
    verify: null,
  };
}
