import { failedLaunchesSaid } from '../../causes/kit/scaling-words.ts';
import type { AutoScalingGroup, InstanceRefresh, Target } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen, missingIds } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, asQuoted, code, count, resource, type Text, type Time, text, time } from '../../incident/text.ts';
import {
  failedLaunches,
  instancesHeldByHooks,
  lastCapacityCut,
  reasonIn,
  replacesFailingTargets,
  suspendedProcessesIn,
  unregisteredInstances,
} from '../../semantics/scaling/auto-scaling-groups.ts';
import { failsChecks, groupName } from '../../semantics/targets/targets.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** Why Auto Scaling does not mend what fails, or what it is about: it makes no errors, and decides whether they last. */
export function autoScalingCircumstances({ evidence, question }: Snapshot): readonly Citation<Text>[] {
  const routed = routedGroups(ifSeen(evidence.listenerRules) ?? []);
  const targets = ifSeen(evidence.targetHealth) ?? [];
  const unread = missingIds(evidence.targetHealth);
  return (ifSeen(evidence.autoScalingGroups) ?? []).flatMap((group) => {
    const arns = group.targetGroups.filter((arn) => routed.includes(arn) && !unread.has(arn));
    const own = targets.filter(({ targetGroup }) => arns.includes(targetGroup));
    const refreshes = group.refreshes.flatMap((refresh) => refreshing(group, refresh, question.at));
    // Why a group is empty is said where that is found.
    const keeps = own.length === 0 ? [] : keeping(group, arns, own, question.at);
    return [...keeps, ...(arns.length === 0 ? [] : refreshes)].map(({ shows, at }) => ({
      from: 'autoScalingGroups' as const,
      shows,
      ...(at === undefined ? {} : { at }),
    }));
  });
}

function keeping(group: AutoScalingGroup, arns: readonly string[], own: readonly Target[], now: Time): readonly Said[] {
  return [
    ...suspended(group, arns, own),
    ...indifferent(group, own),
    ...instancesHeld(group),
    ...launching(group, now),
    ...shrunk(group, now),
  ];
}

interface Said {
  readonly shows: Text;
  readonly at?: Time;
}

const named = ({ name }: AutoScalingGroup): Text => text`Auto Scaling group ${resource(name)}`;

function suspended(group: AutoScalingGroup, arns: readonly string[], own: readonly Target[]): readonly Said[] {
  const processes = suspendedProcessesIn(group);
  if (processes.length === 0) return [];
  const out = arns.flatMap((arn) => {
    const ids = processes.includes('AddToLoadBalancer') ? unregisteredInstances(group, arn, own) : [];
    return ids.length === 0
      ? []
      : text`; ${count(ids.length, 'instance')} in service ${ids.length === 1 ? 'is' : 'are'} not registered with ${resource(groupName(arn))}`;
  });
  return [
    {
      shows: text`${named(group)} does only part of its work: ${andList(processes.map(code), 6)} ${processes.length === 1 ? 'is' : 'are'} suspended${out}`,
    },
  ];
}

function indifferent(group: AutoScalingGroup, own: readonly Target[]): readonly Said[] {
  const members = new Set(group.instances.map(({ instanceId }) => instanceId));
  const failing = own.filter((target) => failsChecks(target) && members.has(target.id));
  if (replacesFailingTargets(group) || failing.length === 0) return [];
  return [
    {
      shows: text`${named(group)} does not replace targets that fail their health checks: its health check type is ${andList(group.healthCheckTypes.map(code))}`,
    },
  ];
}

function instancesHeld(group: AutoScalingGroup): readonly Said[] {
  return instancesHeldByHooks(group).map(({ state, ids, since }) => ({
    shows: text`a lifecycle hook of ${named(group)} holds ${andList(ids.map(resource))} in ${code(state)}${since === null ? '' : text` since ${time(since)}`}${state.startsWith('Pending') ? ': they get no requests until it completes' : ''}`,
    ...(since === null ? {} : { at: since }),
  }));
}

/** What failed longer ago than this tells nothing of now, in seconds. */
const RECENT = 3600;

function launching(group: AutoScalingGroup, now: Time): readonly Said[] {
  const last = failedLaunches(group).at(-1);
  const said = failedLaunchesSaid(group);
  return last === undefined || said === null || secondsBetween(last.at, now) > RECENT ? [] : [said];
}

const UNDER_WAY = ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'];

function refreshing(group: AutoScalingGroup, refresh: InstanceRefresh, now: Time): readonly Said[] {
  const { status, reason, startedAt, endedAt, percentage } = refresh;
  const lately = endedAt !== null && Math.abs(secondsBetween(endedAt, now)) <= RECENT;
  if (!UNDER_WAY.includes(status) && !lately) return [];
  const done = typeof percentage === 'number' ? text`, ${percentage} % done` : text``;
  return [
    {
      shows: text`an instance refresh of ${named(group)}${standing(refresh)}${done}${reason === null ? '' : text`: ${asQuoted(reasonIn(reason))}`}`,
      ...(startedAt === null ? {} : { at: startedAt }),
    },
  ];
}

/** Of one that is over, AWS tells when it began as well: that is not since when it has its status. */
function standing({ status, startedAt }: InstanceRefresh): Text {
  if (startedAt === null) return text` is ${code(status)}`;
  return UNDER_WAY.includes(status)
    ? text` has been ${code(status)} since ${time(startedAt)}`
    : text`, begun at ${time(startedAt)}, is ${code(status)}`;
}

/** So large a part of a group is more than the breathing of a policy. */
const LARGE = 1 / 3;

/** Where somebody or something made the group smaller, the rest carries more. */
function shrunk(group: AutoScalingGroup, now: Time): readonly Said[] {
  const found = lastCapacityCut(group);
  const age = found === null ? -1 : secondsBetween(found.at, now);
  if (found === null || age < 0 || age > RECENT || found.from - found.to < LARGE * found.from) return [];
  return [
    {
      shows: text`${named(group)} was scaled in at ${time(found.at)}, from ${found.from} to ${count(found.to, 'instance')}: ${asQuoted(found.cause)}`,
      at: found.at,
    },
  ];
}
