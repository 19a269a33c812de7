import type { EcsService, EcsTask, NetworkInterface, RouteTable, Subnet, Target } from '../../incident/evidence.ts';
import { ifSeen, missingIds, type Observed } from '../../incident/observed.ts';
import { serviceInTags } from '../ecs/service-of-target.ts';
import { failsChecks, getsNoAnswer, targetsOf } from '../targets/targets.ts';
import { type AddressBlock, blockOf, blocksOf, coversBlock } from './addresses.ts';
import { interfaceLookup } from './interface-lookup.ts';
import { type InterfaceOwner, mayServeHttp, ownerOfInterface } from './interface-owners.ts';
import { targetsWithoutInterface } from './targets-without-interface.ts';

/** A registered address behind which the application is not any more. */
export interface StaleAddress {
  readonly target: Target;
  readonly why: /** No interface holds it. `silent`: nothing answers there, either. */
    | { readonly is: 'unheld'; readonly silent: boolean }
    /** It is in the VPC's range, and in none of its subnets: no interface can hold it. */
    | { readonly is: 'in-no-subnet' }
    | { readonly is: 'of-another-kind'; readonly holder: NetworkInterface; readonly owner: InterfaceOwner }
    | { readonly is: 'of-another-service'; readonly holder: NetworkInterface; readonly service: string };
}

interface Seen {
  readonly targetHealth: readonly Target[];
  readonly targetInterfaces: Observed<readonly NetworkInterface[]>;
  readonly subnets: Observed<readonly Subnet[]>;
  readonly routeTables: Observed<readonly RouteTable[]>;
  readonly ecsServices: Observed<readonly EcsService[]>;
  readonly ecsTasks: Observed<readonly EcsTask[]>;
  readonly accountId: string;
  readonly vpcId: string;
  /** Whether something keeps the targets of a group: what else is registered there was not meant. */
  isKept(targetGroup: string): boolean;
}

/** Failing targets only: what answers its checks is served by somebody. */
export function staleAddressesIn(seen: Seen): readonly StaleAddress[] {
  const { targetHealth, targetInterfaces, ecsTasks } = seen;
  const failing = targetHealth.filter((one) => failsChecks(one) && blockOf(one.id) !== undefined);
  const unheld = targetsWithoutInterface(failing.filter(getsNoAnswer), targetInterfaces, ecsTasks);
  const holderOf = interfaceLookup(ifSeen(targetInterfaces) ?? []);
  const isElsewhere = leadsElsewhere(seen);
  const isInNoSubnet = inNoSubnet(seen);
  return failing.flatMap((target): readonly StaleAddress[] => {
    const address = blockOf(target.id);
    if (address === undefined || isElsewhere(address)) return [];
    if (getsNoAnswer(target) && isInNoSubnet(address)) return [{ target, why: { is: 'in-no-subnet' } }];
    if (target.zone === 'all') return [];
    if (unheld.has(target) && !isShared(seen, address)) {
      return [{ target, why: { is: 'unheld', silent: target.reason === 'Target.Timeout' } }];
    }
    const holder = holderOf(address, seen.vpcId);
    const why =
      holder === undefined ? null : (ofAnotherKind(target, holder, seen) ?? ofAnotherService(target, holder, seen));
    return why === null ? [] : [{ target, why }];
  });
}

function ofAnotherKind(target: Target, holder: NetworkInterface, seen: Seen): StaleAddress['why'] | null {
  const owner = ownerOfInterface(holder);
  if (owner === null) return null;
  if (mayServeHttp(owner) && !(seen.isKept(target.targetGroup) || hasOthers(target, owner, seen))) return null;
  return { is: 'of-another-kind', holder, owner };
}

/** Whether the group holds targets of another kind: then this one came among them by its address. */
function hasOthers({ targetGroup }: Target, { kind }: InterfaceOwner, seen: Seen): boolean {
  const holderOf = interfaceLookup(ifSeen(seen.targetInterfaces) ?? []);
  return targetsOf(seen.targetHealth, targetGroup).some(({ id }) => {
    const holder = holderOf(blockOf(id), seen.vpcId);
    return holder !== undefined && ownerOfInterface(holder)?.kind !== kind;
  });
}

/** Only where the services of the group are known, and all of them. */
function ofAnotherService(
  { targetGroup }: Target,
  holder: NetworkInterface,
  { ecsServices }: Seen,
): StaleAddress['why'] | null {
  const service = serviceInTags(holder.tags);
  if (service === undefined || !ecsServices.seen || missingIds(ecsServices).size > 0) return null;
  const bound = ecsServices.value.filter(({ targetGroups }) => targetGroups.some(({ arn }) => arn === targetGroup));
  if (bound.length === 0 || bound.some(({ id }) => id === service)) return null;
  return { is: 'of-another-service', holder, service };
}

/** A route more specific than the VPC's own takes packets elsewhere: to an overlay's hosts, to an appliance. */
function leadsElsewhere({ routeTables }: Seen): (address: AddressBlock) => boolean {
  const taken = (ifSeen(routeTables) ?? []).flatMap(({ routes }) =>
    routes.flatMap(({ target, destination }) => (target.kind === 'local' ? [] : (blockOf(destination) ?? []))),
  );
  const local = localBlocks(routeTables);
  return (address) =>
    taken.some(
      (block) =>
        coversBlock(block, address) && local.some((own) => coversBlock(own, block) && coversBlock(own, address)),
    );
}

/** Subnets and the VPC's ranges seen whole: its local routes are those. */
function inNoSubnet({ subnets, routeTables }: Seen): (address: AddressBlock) => boolean {
  if (!subnets.seen || subnets.gaps.length > 0) return () => false;
  const local = localBlocks(routeTables);
  const taken = subnets.value.flatMap(({ cidr, ipv6Cidrs }) => blocksOf([cidr, ...ipv6Cidrs]));
  return (address) =>
    taken.length > 0 &&
    local.some((block) => coversBlock(block, address)) &&
    !taken.some((block) => coversBlock(block, address));
}

function localBlocks(routeTables: Observed<readonly RouteTable[]>): readonly AddressBlock[] {
  return (ifSeen(routeTables) ?? []).flatMap(({ routes }) =>
    routes.flatMap(({ target, destination }) => (target.kind === 'local' ? (blockOf(destination) ?? []) : [])),
  );
}

/** In a shared VPC each account sees its own interfaces only. */
function isShared({ subnets, accountId }: Seen, address: AddressBlock): boolean {
  return (ifSeen(subnets) ?? []).some(
    ({ ownerId, cidr, ipv6Cidrs }) =>
      ownerId !== undefined &&
      ownerId !== accountId &&
      blocksOf([cidr, ...ipv6Cidrs]).some((block) => coversBlock(block, address)),
  );
}
