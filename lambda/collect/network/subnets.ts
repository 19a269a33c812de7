import type { Subnet as Described } from '@aws-sdk/client-ec2';
import type { Subnet } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { filtersOf } from '../filters.ts';
import { describeSubnets } from '../services/ec2.ts';

export const subnets = defineCollector({
  key: 'subnets',
  after: ['loadBalancer'],
  actions: [describeSubnets.action],
  async collect(_question, { loadBalancer }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the VPC of the load balancer');
    const { vpcId, zones } = loadBalancer.value;
    const own = zones.map((zone) => zone.subnetId);
    const read = await aws.pages(
      describeSubnets,
      { Filters: filtersOf({ 'vpc-id': [vpcId] }), MaxResults: 1000 },
      (answer) => answer.Subnets,
    );
    const { items, gaps } = withGapForMissing(
      own,
      read,
      ({ SubnetId = '' }) => [SubnetId],
      describeSubnets.action,
      'subnet',
    );
    return seen(items.map(subnetOf), gaps);
  },
});

function subnetOf(subnet: Described): Subnet {
  const { Ipv6CidrBlockAssociationSet = [] } = subnet;
  return {
    id: subnet.SubnetId ?? '',
    vpcId: subnet.VpcId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    cidr: subnet.CidrBlock ?? '',
    ipv6Cidrs: Ipv6CidrBlockAssociationSet.filter(
      ({ Ipv6CidrBlockState }) => (Ipv6CidrBlockState?.State ?? 'associated') === 'associated',
    ).flatMap(({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? []),
    availableAddresses: subnet.AvailableIpAddressCount ?? null,
    ...(subnet.OwnerId === undefined ? {} : { ownerId: subnet.OwnerId }),
  };
}
