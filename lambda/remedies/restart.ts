import type { Instance, Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { resource, type Text, text } from '../incident/text.ts';
import { servicesInUse } from '../semantics/ecs/services.ts';
import { autoScalingGroupOf } from '../semantics/scaling/membership.ts';
import { sizersOf } from '../semantics/scaling/target-sizers.ts';
import { groupsOf } from '../semantics/targets/targets.ts';
import { A_CALL, ofAll } from './call-size.ts';
import { startNamedTasksAnew, startTasksAnew } from './ecs-service.ts';
import { ownerOfInstance } from './host.ts';
import { showHealth } from './look.ts';
import { jointOwner, scalingGroup } from './owner.ts';
import { aws, fix, type Remedy } from './remedy.ts';

/**
 * What starts anew what stands behind targets: the tasks of their service, or the hosts themselves. Of other addresses
 * nobody here knows what runs there; of hosts neither, unless it was seen that no
 * tasks share them. What serves anybody on another port, or in another group, stays up.
 */
export function restartsOf(targets: readonly Target[], worth: Worth, evidence: ObservedEvidence): readonly Remedy[] {
  const [first, ...others] = restarts(targets, worth.says, evidence);
  if (first === undefined || worth.before === undefined) return first === undefined ? [] : [first, ...others];
  return [{ ...first, does: text`${worth.before}, then ${first.does}` }, ...others];
}

/** What a restart ends, and what it costs; what is to be done before it, for it would be lost. */
interface Worth {
  readonly says: Text;
  readonly before?: Text;
}

function restarts(targets: readonly Target[], worth: Text, evidence: ObservedEvidence): readonly Remedy[] {
  const { ecsServices, ecsTasks, instances, autoScalingInstances } = evidence;
  const services = servicesInUse(ifSeen(ecsServices) ?? [], ifSeen(ecsTasks) ?? [], groupsOf(targets));
  if (services.length > 0) return services.map((inUse) => startTasksAnew(inUse, worth));
  const named = sizersOf(targets, evidence).services;
  if (named.length > 0) return named.map((service) => startNamedTasksAnew(service, groupsOf(targets), worth));
  const isWhole = ecsServices.seen && ecsServices.gaps.length === 0;
  const own = new Set(targets.map(keyOf));
  const others = (ifSeen(evidence.targetHealth) ?? []).filter((one) => !own.has(keyOf(one)));
  const serving = new Set(others.filter(({ state }) => state === 'healthy').map(({ id }) => id));
  const all = [...new Set(targets.map(({ id }) => id))].filter((id) => id.startsWith('i-') && !serving.has(id));
  const ids = all.slice(0, A_CALL);
  if (!isWhole || ids.length === 0) return [];
  const verify = showHealth(targets[0]?.targetGroup ?? '');
  const hosts = (ifSeen(instances) ?? []).filter(({ id }) => ids.includes(id));
  const those = ofAll(ids, all);
  const reboot = fix(text`reboot ${those}, with everything else that runs there: ${worth}`, {
    run: aws('ec2', 'reboot-instances', { instanceIds: ids }),
    verify,
    managedBy: jointOwner(hosts.flatMap((host) => ownerOfInstance(host, autoScalingInstances) ?? [])),
  });
  return [reboot, ...hosts.slice(0, 1).flatMap((host) => newHost(host, ids.length > 1, autoScalingInstances, verify))];
}

function keyOf({ id, port, targetGroup }: Target): string {
  return `${id} ${port} ${targetGroup}`;
}

/** Slower than a reboot, and of a system that is as it was when it was launched: one first, to see whether it is well. */
function newHost(
  host: Instance,
  areMore: boolean,
  memberships: ObservedEvidence['autoScalingInstances'],
  verify: Remedy['verify'],
): readonly Remedy[] {
  const group = autoScalingGroupOf(host, memberships);
  if (typeof group !== 'string') return [];
  const others = areMore ? text`, and of the others once the new one is healthy` : text``;
  return [
    fix(
      text`if that does not help, have ${resource(group)} replace ${resource(host.id)} with a new instance; its disks are lost${others}`,
      {
        run: aws('autoscaling', 'terminate-instance-in-auto-scaling-group', {
          ...{ instanceId: host.id, noShouldDecrementDesiredCapacity: true },
        }),
        ...{ verify, managedBy: scalingGroup(group) },
      },
    ),
  ];
}
