import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, count, listed, resource, text } from '../../../incident/text.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { moveToPorts } from '../../../remedies/target-group.ts';
import type { PathState } from '../../../semantics/network/path.ts';
import { groupName, groupsOf, portsOf } from '../../../semantics/targets/targets.ts';
import { claim, strengthOfClaims } from '../../argue.ts';
import { cite } from '../../cite.ts';
import { portList, type WrongPort } from './wrong-port.ts';

/** By host: where it is healthy on the port that requests go to. */
export function workingByHost(targets: readonly Target[]): ReadonlyMap<string, readonly Target[]> {
  const working = new Map<string, Target[]>();
  for (const target of targets) {
    if (target.state !== 'healthy' || target.port === null || target.healthCheckPort !== target.port) continue;
    working.set(target.id, [...(working.get(target.id) ?? []), target]);
  }
  return working;
}

/** In a group of its own: in one group, ECS registers many tasks of one host with a port each. */
export function isTwin(working: Target, failing: Target): boolean {
  return working.targetGroup !== failing.targetGroup && working.port !== failing.port;
}

export function answersElsewhere(
  group: TargetGroup,
  failing: readonly Target[],
  working: readonly Target[],
  { neverHealthy, path, tags }: { neverHealthy: boolean; path: PathState; tags: Tags },
): WrongPort {
  const name = resource(group.name);
  const others = groupsOf(working).map((arn) => resource(groupName(arn)));
  // A refusal came from the host itself; silence may come from anything on the way.
  const reached = failing.every(({ reason }) => reason === 'Target.FailedHealthChecks') && path !== 'blocked';
  const byDefault = failing.every(({ port }, index) => port !== group.port && working[index]?.port === group.port);
  const agrees: WrongPort['agrees'] = [
    claim(
      true,
      cite.targetHealth`the same ${count(working.length, 'host is', 'hosts are')} healthy on ${portList(working)} in ${listed(others)}`,
    ),
    claim(reached || path === 'open'),
    claim(
      byDefault || neverHealthy,
      neverHealthy
        ? cite.targetGroupMetrics`${name} had no healthy target in the hours that were read`
        : cite.targetGroups`the default port of ${name} is ${code(group.port ?? 'not set')}`,
    ),
  ];
  return {
    says: text`${name} sends to port ${portList(failing)}, where nothing answers; the same hosts answer on ${portList(working)}`,
    agrees,
    targets: failing,
    workingPorts: portsOf(working),
    neverHealthy,
    fixes: strengthOfClaims({ agrees }) === 'strong' ? moveToPorts(group, failing, working, tags) : [],
  };
}
