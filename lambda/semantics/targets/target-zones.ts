import type { Instance, LoadBalancer, NetworkInterface, Subnet, Target } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { targetEndpointsIn } from '../network/target-endpoint.ts';
import { isUnusedForZone } from './targets.ts';

interface ZoneEvidence {
  readonly instances: Observed<readonly Instance[]>;
  readonly targetInterfaces: Observed<readonly NetworkInterface[]>;
  readonly subnets: Observed<readonly Subnet[]>;
}

/**
 * The Availability Zone of a target; `null` where it is not known, `all` for an address outside the VPC. AWS names it for
 * addresses and leaves it out for many instances, whose own zone then tells.
 */
export function targetZonesIn(evidence: ZoneEvidence): (target: Target) => string | null {
  const instances = new Map((ifSeen(evidence.instances) ?? []).map((one) => [one.id, one.zone]));
  const endOf = targetEndpointsIn([], ifSeen(evidence.targetInterfaces) ?? [], ifSeen(evidence.subnets) ?? []);
  return (target) => {
    if (target.zone !== null) return target.zone;
    return instances.get(target.id) ?? endOf(target)?.zone ?? null;
  };
}

export function enabledZones({ zones }: LoadBalancer): readonly string[] {
  return [...new Set(zones.map(({ zone }) => zone))].sort();
}

/** Whether it gets no requests for being in a zone that is not enabled: where AWS does not say why, its zone tells. */
export function isOutsideZones(target: Target, zone: string | null, loadBalancer: LoadBalancer): boolean {
  if (isUnusedForZone(target)) return true;
  if (target.reason !== 'Target.NotInUse' || target.description !== null || zone === null || zone === 'all')
    return false;
  return !enabledZones(loadBalancer).includes(zone);
}

/**
 * Targets that are off, and would get no requests if they were on: AWS names the nearer reason, and their zone is not enabled.
 * Of a group with one that would, none.
 */
export function offOutsideZones(
  targets: readonly Target[],
  zoneOf: (target: Target) => string | null,
  loadBalancer: LoadBalancer,
): readonly Target[] {
  const enabled = [...enabledZones(loadBalancer), 'all', null];
  const isOff = (one: Target) => one.reason === 'Target.InvalidState' && !enabled.includes(zoneOf(one));
  const on = new Set(targets.filter((one) => !isOff(one)).map(({ targetGroup }) => targetGroup));
  return targets.filter(({ targetGroup }) => !on.has(targetGroup));
}
