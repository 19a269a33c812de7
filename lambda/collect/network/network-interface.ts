import type {
  NetworkInterface as Described,
  Instance as DescribedInstance,
  InstanceNetworkInterface,
} from '@aws-sdk/client-ec2';
import { sorted } from '../../incident/evidence/order.ts';
import type { NetworkInterface } from '../../incident/evidence.ts';
import type { Aws, PartialList } from '../aws.ts';
import { filtersOf } from '../filters.ts';
import { keptTags } from '../key-values.ts';
import { describeNetworkInterfaces } from '../services/ec2.ts';

/** Interfaces that managed services made are hidden unless asked for: those of EKS Auto Mode nodes, for one. */
export async function readInterfaces(
  filters: Readonly<Record<string, readonly string[]>>,
  aws: Aws,
  pagesAtMost?: number,
): Promise<PartialList<NetworkInterface>> {
  const { items, gaps } = await aws.pages(
    describeNetworkInterfaces,
    { Filters: filtersOf(filters), IncludeManagedResources: true, MaxResults: 1000 },
    (answer) => answer.NetworkInterfaces,
    pagesAtMost,
  );
  return { items: items.map(networkInterfaceOf), gaps };
}

function networkInterfaceOf(described: Described): NetworkInterface {
  return {
    id: described.NetworkInterfaceId ?? '',
    description: described.Description ?? '',
    subnetId: described.SubnetId ?? null,
    vpcId: described.VpcId ?? null,
    zone: described.AvailabilityZone ?? null,
    addresses: addressesOf(described),
    prefixes: prefixesOf(described),
    securityGroupIds: groupIdsOf(described.Groups),
    instanceId: described.Attachment?.InstanceId ?? null,
    ...(described.InterfaceType === undefined ? {} : { type: described.InterfaceType }),
    ...(described.RequesterId === undefined ? {} : { requesterId: described.RequesterId }),
    tags: keptTags(described.TagSet),
  };
}

/** As DescribeInstances shows it: without zone and tags. */
export function attachedInterfaceOf(
  attached: InstanceNetworkInterface,
  { InstanceId, Placement }: DescribedInstance,
): NetworkInterface {
  return {
    id: attached.NetworkInterfaceId ?? '',
    description: attached.Description ?? '',
    subnetId: attached.SubnetId ?? null,
    vpcId: attached.VpcId ?? null,
    zone: Placement?.AvailabilityZone ?? null,
    addresses: addressesOf(attached),
    prefixes: prefixesOf(attached),
    securityGroupIds: groupIdsOf(attached.Groups),
    instanceId: InstanceId ?? null,
    tags: {},
  };
}

export function groupIdsOf(groups: readonly { GroupId?: string | undefined }[] = []): readonly string[] {
  return groups.flatMap(({ GroupId }) => GroupId ?? []);
}

interface Addressed {
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?: readonly { readonly PrivateIpAddress?: string | undefined }[] | undefined;
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address?: string | undefined }[] | undefined;
  readonly Ipv4Prefixes?: readonly { readonly Ipv4Prefix?: string | undefined }[] | undefined;
  readonly Ipv6Prefixes?: readonly { readonly Ipv6Prefix?: string | undefined }[] | undefined;
}

function addressesOf({ PrivateIpAddress, PrivateIpAddresses = [], Ipv6Addresses = [] }: Addressed): readonly string[] {
  const all = [
    PrivateIpAddress,
    ...sorted(PrivateIpAddresses.map((each) => each.PrivateIpAddress)),
    ...sorted(Ipv6Addresses.map((each) => each.Ipv6Address)),
  ];
  return [...new Set(all)].filter((address) => address !== undefined);
}

function prefixesOf({ Ipv4Prefixes = [], Ipv6Prefixes = [] }: Addressed): readonly string[] {
  const all = [...Ipv4Prefixes.map((each) => each.Ipv4Prefix), ...Ipv6Prefixes.map((each) => each.Ipv6Prefix)];
  return all.filter((prefix) => prefix !== undefined);
}
