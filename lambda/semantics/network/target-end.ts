import type { Instance, NetworkInterface, Subnet, Target, TargetGroup } from '../../incident/evidence.ts';
import { type Family, familyOf, isInside } from './addresses.ts';
import type { NotSeen } from './not-seen.ts';

/** Where a target meets the network. `null`: not seen, not "none". */
export interface TargetEnd {
  /** What would have to be seen where something here is `null`. */
  readonly itself: NotSeen;
  readonly address: string | null;
  readonly family: Family;
  readonly subnetId: string | null;
  readonly zone: string | null;
  readonly interfaceId: string | null;
  readonly securityGroupIds: readonly string[] | null;
  /** Reached over peering, a transit gateway or a VPN: its groups, ACLs and way back are another's to see. */
  readonly outsideVpc: boolean;
}

type Use = 'traffic' | 'health-check';

/** The ports on which the load balancer connects to a target, each once, with what it does there. */
export function trafficPorts(
  target: Target,
  group: TargetGroup,
): readonly { readonly port: number; readonly uses: readonly Use[] }[] {
  const traffic = target.port ?? group.port;
  const checks = group.healthCheck.enabled ? (target.healthCheckPort ?? checkPort(group, traffic)) : null;
  if (traffic !== null && traffic === checks) return [{ port: traffic, uses: ['traffic', 'health-check'] }];
  return [
    ...(traffic === null ? [] : [{ port: traffic, uses: ['traffic'] as const }]),
    ...(checks === null ? [] : [{ port: checks, uses: ['health-check'] as const }]),
  ];
}

function checkPort({ healthCheck }: TargetGroup, traffic: number | null): number | null {
  const own = Number(healthCheck.port ?? 'traffic-port');
  return Number.isInteger(own) ? own : traffic;
}

/** `undefined` for a Lambda function, which no packet reaches. */
export function targetEnd(
  target: Target,
  instances: readonly Instance[],
  targetInterfaces: readonly NetworkInterface[],
  subnets: readonly Subnet[],
): TargetEnd | undefined {
  if (target.id.startsWith('arn:')) return undefined;
  const family = familyOf(target.id);
  if (family === undefined) return instanceEnd(target, instances);
  return addressEnd(target, family, [...targetInterfaces, ...instances.flatMap((one) => one.interfaces)], subnets);
}

/** The load balancer talks to the primary address of the primary interface, whatever else the instance carries. */
function instanceEnd(target: Target, instances: readonly Instance[]): TargetEnd {
  const instance = instances.find((one) => one.id === target.id);
  const primary = instance?.interfaces.find((one) => one.addresses[0] === instance.primaryAddress);
  const groupIds = instance?.primarySecurityGroupIds ?? [];
  return {
    itself: { kind: 'instance', id: target.id },
    address: instance?.primaryAddress ?? null,
    family: familyOf(instance?.primaryAddress ?? '') ?? 'ipv4',
    subnetId: instance?.subnetId ?? null,
    zone: instance?.zone ?? target.zone,
    interfaceId: primary?.id ?? null,
    securityGroupIds: groupIds.length > 0 ? groupIds : null,
    outsideVpc: false,
  };
}

function addressEnd(
  target: Target,
  family: Family,
  interfaces: readonly NetworkInterface[],
  subnets: readonly Subnet[],
): TargetEnd {
  const subnet = subnets.find((one) => [one.cidr, ...one.ipv6Cidrs].some((cidr) => isInside(target.id, cidr)));
  const outsideVpc = target.zone === 'all';
  // Networks that never meet reuse addresses: an interface of another VPC may hold this one by chance.
  const holder = outsideVpc || subnet === undefined ? undefined : holderOf(target.id, inVpc(interfaces, subnet.vpcId));
  return {
    itself: { kind: 'interface', id: target.id },
    address: target.id,
    family,
    subnetId: outsideVpc ? null : (holder?.subnetId ?? subnet?.id ?? null),
    zone: subnet?.zone ?? target.zone,
    interfaceId: holder?.id ?? null,
    securityGroupIds: holder !== undefined && holder.securityGroupIds.length > 0 ? holder.securityGroupIds : null,
    outsideVpc,
  };
}

function inVpc(interfaces: readonly NetworkInterface[], vpcId: string): readonly NetworkInterface[] {
  return interfaces.filter((one) => one.vpcId === vpcId);
}

/** With prefix delegation a pod's address is in no list of addresses, only inside one of the node's prefixes. */
function holderOf(address: string, interfaces: readonly NetworkInterface[]): NetworkInterface | undefined {
  return (
    interfaces.find((one) => one.addresses.some((own) => isInside(own, address))) ??
    interfaces.find((one) => one.prefixes.some((prefix) => isInside(address, prefix)))
  );
}
