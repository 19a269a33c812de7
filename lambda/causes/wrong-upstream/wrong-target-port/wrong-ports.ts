import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { andList, code, count, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import type { Tags } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { moveToPorts, whoRegistered } from '../../../remedies/target-group.ts';
import type { PathState } from '../../../semantics/network/path.ts';
import { groupsOf, portsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { type Argument, claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

type Cited = 'targetHealth' | 'targetGroups' | 'targetGroupMetrics' | 'ecsTaskDefinitions';

/** What tells that targets of a group are registered with a port that is not theirs. */
interface WrongPort extends Argument<Cited, Cited> {
  readonly says: Text;
  readonly targets: readonly Target[];
  /** The ports that are known to work instead. */
  readonly workingPorts: readonly number[];
  readonly neverHealthy?: boolean;
  readonly since?: Time | undefined;
  readonly fixes?: readonly Remedy[];
}

/** Where no task opens the port that it is registered with. */
export function portNotMapped(
  group: TargetGroup,
  targets: readonly Target[],
  workingPorts: readonly number[],
  { isByHand, tags }: { readonly isByHand: boolean; readonly tags: Tags },
): WrongPort {
  const [port, ...others] = workingPorts;
  // What a service registers it registers so again.
  const isKnown = isByHand && port !== undefined && others.length === 0;
  const right = isKnown ? targets.map((target) => ({ ...target, port })) : [];
  const named = cite.ecsTaskDefinitions`the port mappings of these tasks name ${andList(workingPorts.map(code))} only`;
  return {
    says: text`${resource(group.name)} sends to port ${portList(targets)}, which the containers there do not open`,
    proves: claim(true, named),
    agrees: [],
    ...{ targets, workingPorts, neverHealthy: false },
    fixes: isKnown ? moveToPorts(group, targets, right, tags) : [],
  };
}

/** Whether a host works on another port. In a group of its own: in one, ECS registers many tasks of a host with a port each. */
export function isElsewhere(working: Target, failing: Target): boolean {
  return working.id === failing.id && working.targetGroup !== failing.targetGroup && working.port !== failing.port;
}

interface Circumstances {
  readonly neverHealthy: boolean;
  /** The same since they were registered, where that was recorded. */
  readonly since: { readonly at: Time | null; readonly neverHealthy: boolean };
  readonly path: PathState;
  readonly tags: Tags;
}

/** Where the same hosts work on other ports. */
export function answersElsewhere(
  group: TargetGroup,
  targets: readonly Target[],
  working: readonly Target[],
  { neverHealthy, since, path, tags }: Circumstances,
): WrongPort {
  const name = resource(group.name);
  // A refusal came from the host itself; silence may come from anything on the way.
  const reached = targets.every(({ reason }) => reason === 'Target.FailedHealthChecks') && path !== 'blocked';
  const byDefault = targets.every(({ port }, index) => port !== group.port && working[index]?.port === group.port);
  const agrees = [
    claim<Cited>(
      true,
      cite.targetHealth`the same ${working.length === 1 ? 'host is' : count(working.length, 'hosts are', 'hosts are')} healthy on ${portList(working)} in ${groupsSaid(groupsOf(working))}`,
    ),
    claim<Cited>(reached || path === 'open'),
    claim<Cited>(
      byDefault || neverHealthy || since.neverHealthy,
      neverHealthy
        ? cite.targetGroupMetrics`${name} had no healthy target in the hours that were read`
        : since.neverHealthy && since.at !== null
          ? cite.targetGroupMetrics`${name} had no healthy target since these were registered at ${time(since.at)}`
          : cite.targetGroups`the default port of ${name} is ${code(group.port ?? 'not set')}`,
    ),
  ];
  return {
    says: text`${name} sends to port ${portList(targets)}, where nothing answers; the same ${working.length === 1 ? 'host answers' : 'hosts answer'} on ${portList(working)}`,
    ...{ agrees, targets, workingPorts: portsOf(working), neverHealthy },
    since: since.neverHealthy && since.at !== null ? since.at : undefined,
    fixes: strengthOfClaims({ agrees }) === 'strong' ? moveToPorts(group, targets, working, tags) : [],
  };
}

/** Some on a port of their own, where the healthy ones all have the group's. Of the hosts on it, nothing is known. */
export function oddOnesOut(
  { name, port }: TargetGroup,
  failing: readonly Target[],
  checked: readonly Target[],
): WrongPort | null {
  const targets = failing.filter((target) => target.port !== null && target.port !== port);
  const healthy = checked.filter(({ state }) => state === 'healthy');
  if (targets.length === 0 || healthy.length === 0 || healthy.some((one) => one.port !== port)) return null;
  const byDefault = cite.targetGroups`the default port of ${resource(name)} is ${code(port ?? 'not set')}, and ${count(healthy.length, 'target is', 'targets are')} healthy on it`;
  return {
    says: text`${count(targets.length, 'target')} of ${resource(name)} ${targets.length === 1 ? 'is' : 'are'} registered on port ${portList(targets)}, the healthy ones on ${portList(healthy)}`,
    agrees: [{ holds: 'unseen', shows: [byDefault] }],
    ...{ targets, workingPorts: portsOf(healthy) },
  };
}

export function wrongPortFinding({ arn }: TargetGroup, wrong: WrongPort, from: Time): Found<'targetHealth', Cited> {
  const { says, since, proves, agrees, targets, workingPorts, neverHealthy, fixes = [] } = wrong;
  const reasons = [...new Set(targets.map(({ reason }) => reason ?? ''))].sort();
  const ids = andList(targets.map(({ id }) => resource(id)));
  return {
    strength: strengthOfClaims(wrong),
    says,
    since,
    because: [
      cite.targetHealth`${ids} ${targets.length === 1 ? 'fails' : 'fail'} on ${portList(targets)}: ${andList(reasons.map(code))}`,
      ...shownBy([proves, ...agrees]),
    ],
    affects: scopeOf(targets),
    explains: ['502', '504'],
    fixes: [...fixes, whoRegistered(from)],
    facts: {
      ...{ targetGroup: arn, ports: portsOf(targets), workingPorts },
      ...(neverHealthy === undefined ? {} : { neverHealthy }),
    },
  };
}

const portList = (targets: readonly Target[]): Text => andList(portsOf(targets).map(code));
