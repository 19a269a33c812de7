import type { Instance, NetworkInterface, Subnet, Target } from '../../incident/evidence.ts';
import { type AddressBlock, type AddressFamily, blockOf, blocksOf, coversBlock, familyOf } from './addresses.ts';
import { interfaceLookup } from './interface-lookup.ts';
import { mayServeHttp, ownerOfInterface } from './interface-owners.ts';
import type { NotSeen } from './not-seen.ts';

/** Where a target meets the network. `null`: not seen, not "none". */
export interface TargetEndpoint {
  /** What would have to be seen where something here is `null`. */
  readonly itself: NotSeen;
  readonly address: string | null;
  readonly family: AddressFamily;
  readonly subnetId: string | null;
  readonly zone: string | null;
  readonly interfaceId: string | null;
  readonly securityGroupIds: readonly string[] | null;
  /** Reached over peering, a transit gateway or a VPN: its groups, ACLs and way back are another's to see. */
  readonly outsideVpc: boolean;
  /** Something has the address that is never meant as a target, as a database: whom it admits says nothing of the application. */
  readonly isAnothers: boolean;
}

/** `undefined` for a Lambda function, which no packet reaches. */
export function targetEndpointsIn(
  instances: readonly Instance[],
  targetInterfaces: readonly NetworkInterface[],
  subnets: readonly Subnet[],
): (target: Target) => TargetEndpoint | undefined {
  const instanceById = new Map(instances.map((one) => [one.id, one]));
  const holderOf = interfaceLookup([...targetInterfaces, ...instances.flatMap((one) => one.interfaces)]);
  const subnetOf = subnetsIn(subnets);
  return (target) => {
    if (target.id.startsWith('arn:')) return undefined;
    const own = blockOf(target.id);
    if (own === undefined) return instanceEnd(target, instanceById.get(target.id));
    const subnet = subnetOf(own);
    // Networks that never meet reuse addresses: an interface of another VPC may hold this one by chance.
    const holder = target.zone === 'all' || subnet === undefined ? undefined : holderOf(own, subnet.vpcId);
    return addressEnd(target, own.family, subnet, holder);
  };
}

/** The load balancer talks to the primary address of the primary interface, whatever else the instance carries. */
function instanceEnd(target: Target, instance: Instance | undefined): TargetEndpoint {
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
    isAnothers: false,
  };
}

function addressEnd(
  target: Target,
  family: AddressFamily,
  subnet: Subnet | undefined,
  holder: NetworkInterface | undefined,
): TargetEndpoint {
  const outsideVpc = target.zone === 'all';
  const owner = holder === undefined ? null : ownerOfInterface(holder);
  return {
    itself: { kind: 'interface', id: target.id },
    address: target.id,
    family,
    subnetId: outsideVpc ? null : (holder?.subnetId ?? subnet?.id ?? null),
    zone: subnet?.zone ?? target.zone,
    interfaceId: holder?.id ?? null,
    securityGroupIds: holder !== undefined && holder.securityGroupIds.length > 0 ? holder.securityGroupIds : null,
    outsideVpc,
    isAnothers: owner !== null && !mayServeHttp(owner),
  };
}

function subnetsIn(subnets: readonly Subnet[]): (address: AddressBlock) => Subnet | undefined {
  const listed = subnets.map((subnet) => ({ subnet, blocks: blocksOf([subnet.cidr, ...subnet.ipv6Cidrs]) }));
  return (address) => listed.find(({ blocks }) => blocks.some((block) => coversBlock(block, address)))?.subnet;
}
