import type { AutoScalingGroup, Instance, Target } from '../incident/evidence.ts';
import { ifSeen, type Observed } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { andList, count, formatNumber, resource, type Time, text } from '../incident/text.ts';
import { type ServiceInUse, servicesInUse } from '../semantics/ecs/services.ts';
import { taskCutBefore } from '../semantics/ecs/task-cuts.ts';
import { capacityCutBefore, isOfPolicy } from '../semantics/scaling/auto-scaling-groups.ts';
import { type SizerEvidence, sizersOf } from '../semantics/scaling/target-sizers.ts';
import { groupName, groupsOf } from '../semantics/targets/targets.ts';
import { A_CALL, ofAll } from './call-size.ts';
import { serviceOwner, undoTaskCut } from './ecs-service.ts';
import { showHealth } from './look.ts';
import { ecsServiceOwner, jointOwner, managerOf, scalingGroup } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';
import { undoCapacityCut } from './scaling-processes.ts';

/**
 * Gives targets company: as many as there were, where there were more until shortly before the errors. Looks first where nobody
 * here can see how many there are to be. `times`: how many times the usual requests come, where that is known.
 */
export function moreTargets(
  targets: readonly Target[],
  evidence: SizerEvidence & Pick<ObservedEvidence, 'ecsServices'>,
  onset: Time | null = null,
  times = 1,
): readonly Remedy[] {
  if (targets.length === 0) return [];
  const { scalingGroups, unreadGroups, services: named } = sizersOf(targets, evidence);
  const read = servicesInUse(ifSeen(evidence.ecsServices) ?? [], [], groupsOf(targets));
  const services = named.filter((id) => read.every(({ service }) => service.id !== id));
  const sizers = [
    ...unreadGroups.map((name) => ({ kind: 'Auto Scaling group', name }) as const),
    ...services.map((name) => ({ kind: 'ECS service', name }) as const),
  ];
  const groups = groupsOf(targets);
  return [
    ...read.slice(0, 2).map((inUse) => moreTasks(inUse, onset)),
    ...scalingGroups.slice(0, 2).map((group) => growth(group, groups[0] ?? '', onset)),
    ...(unreadGroups.length === 0 ? [] : [roomLook(unreadGroups)]),
    ...services.slice(0, 2).map(sizeLook),
    ...(scalingGroups.length + read.length > 0 && sizers.length === 0
      ? []
      : [addition(groups, sizers, { now: targets.length, times })]),
  ];
}

/** What decides how many targets there are. */
interface Sizer {
  readonly kind: 'Auto Scaling group' | 'ECS service';
  readonly name: string;
}

/** Half as many again: enough to tell whether it helps. */
const MORE = 1.5;

/** Where nothing else scales the service, or no more than that. */
function moreTasks(inUse: ServiceInUse, onset: Time | null): Remedy {
  const { service, groups } = inUse;
  const { cluster, name, desired } = service;
  const cut = onset === null ? null : taskCutBefore(service, onset);
  const wanted = Math.max(desired + 1, Math.ceil(MORE * desired));
  if (cut !== null && cut.from >= wanted) return undoTaskCut(inUse, cut);
  const size = (desiredCount: number) => aws('ecs', 'update-service', { cluster, service: name, desiredCount });
  return fix(
    text`run ${count(wanted, 'task')} of ${resource(name)} instead of ${desired}, if its cluster has room; service auto scaling may change this again`,
    { run: size(wanted), undo: size(desired), verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
  );
}

function growth(group: AutoScalingGroup, targetGroup: string, onset: Time | null): Remedy {
  const { name, max, desired, tags } = group;
  const wanted = Math.max(desired + 1, Math.ceil(MORE * desired));
  const cut = onset === null ? null : capacityCutBefore(group, onset);
  // A policy takes them away one by one: what it took last may be too few.
  if (cut !== null && !(isOfPolicy(cut) && cut.from < wanted)) return undoCapacityCut(group, cut, targetGroup);
  const size = (maxSize: number, desiredCapacity: number) =>
    aws('autoscaling', 'update-auto-scaling-group', { autoScalingGroupName: name, maxSize, desiredCapacity });
  const bound = wanted > max ? text`, above its maximum of ${max}` : text``;
  return fix(text`run ${count(wanted, 'instance')} in ${resource(name)} instead of ${desired}${bound}`, {
    run: size(Math.max(max, wanted), wanted),
    undo: size(max, desired),
    verify: showHealth(targetGroup),
    ...{ managedBy: managerOf(tags), forMany: true },
  });
}

function roomLook(autoScalingGroupNames: readonly string[]): Remedy {
  return look(
    text`see how far ${andList(autoScalingGroupNames.map(resource))} may grow`,
    aws('autoscaling', 'describe-auto-scaling-groups', { autoScalingGroupNames }),
  );
}

function sizeLook(name: string): Remedy {
  const [cluster = '', services = ''] = name.split('/');
  const run = aws('ecs', 'describe-services', { cluster, services });
  return look(text`see how many tasks ${resource(services)} should run`, run);
}

function addition(
  groups: readonly string[],
  sizers: readonly Sizer[],
  { now, times }: { readonly now: number; readonly times: number },
): Remedy {
  const raised = andList(sizers.map(({ kind, name }) => text`${kind} ${resource(name)}`));
  const how = sizers.length === 0 ? text`` : text`: raise the desired number of ${raised}`;
  const wanted = Math.ceil(now * times);
  const isCounted = groups.length === 1 && wanted > now;
  const many = isCounted
    ? text`, about ${formatNumber(wanted)} instead of ${formatNumber(now)} for as many requests each as usual`
    : text``;
  return fix(text`add targets to ${andList(groups.map((arn) => resource(groupName(arn))))}${many}${how}`, {
    ...{ verify: showHealth(groups[0] ?? ''), forMany: true },
    managedBy: jointOwner(
      sizers.map(({ kind, name }) => (kind === 'ECS service' ? ecsServiceOwner(name) : scalingGroup(name))),
    ),
  });
}

/** Lets burstable instances go on beyond their credits. */
export function unlimitedCredits(
  ids: readonly string[],
  targetGroup: string,
  instances: Observed<readonly Instance[]>,
): Remedy {
  const asked = ids.slice(0, A_CALL);
  const set = (CpuCredits: string) =>
    aws('ec2', 'modify-instance-credit-specification', {
      instanceCreditSpecifications: asked.map((InstanceId) => ({ InstanceId, CpuCredits })),
    });
  const known = (ifSeen(instances) ?? []).filter(({ id }) => asked.includes(id));
  const managers = known.flatMap(({ tags }) => managerOf(tags) ?? []);
  return fix(text`set unlimited mode on ${ofAll(asked, ids)}, to burst beyond the credits, which costs money`, {
    ...{ run: set('unlimited'), undo: set('standard'), forMany: true },
    verify: showHealth(targetGroup),
    managedBy: jointOwner(managers.sort((a, b) => (a.title < b.title ? -1 : 1))),
  });
}
