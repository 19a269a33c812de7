import type { SecurityGroup as Described, IpPermission } from '@aws-sdk/client-ec2';
import type { SecurityGroup, SecurityGroupRule } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { filtersOf } from '../filters.ts';
import { keptTags } from '../key-values.ts';
import { describeSecurityGroups } from '../services/ec2.ts';

export const securityGroups = defineCollector({
  key: 'securityGroups',
  after: ['loadBalancer'],
  actions: [describeSecurityGroups.action],
  async collect(_question, { loadBalancer }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the VPC of the load balancer');
    const { vpcId, securityGroupIds } = loadBalancer.value;
    const { action } = describeSecurityGroups;
    const read = await aws.pages(
      describeSecurityGroups,
      { Filters: filtersOf({ 'vpc-id': [vpcId] }), MaxResults: 1000 },
      (answer) => answer.SecurityGroups,
    );
    const { items, gaps } = withGapForMissing(
      securityGroupIds,
      read,
      ({ GroupId = '' }) => [GroupId],
      action,
      'security group',
    );
    return seen(items.map(securityGroupOf), gaps);
  },
});

function securityGroupOf(group: Described): SecurityGroup {
  return {
    id: group.GroupId ?? '',
    name: group.GroupName ?? '',
    vpcId: group.VpcId ?? null,
    ownerId: group.OwnerId ?? null,
    ingress: (group.IpPermissions ?? []).map(ruleOf),
    egress: (group.IpPermissionsEgress ?? []).map(ruleOf),
    tags: keptTags(group.Tags),
  };
}

function ruleOf(permission: IpPermission): SecurityGroupRule {
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  return {
    protocol: permission.IpProtocol ?? '-1',
    fromPort: permission.FromPort ?? null,
    toPort: permission.ToPort ?? null,
    cidrs: [...IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []), ...Ipv6Ranges.flatMap(({ CidrIpv6 }) => CidrIpv6 ?? [])],
    prefixListIds: PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
    groups: UserIdGroupPairs.map(({ GroupId = '', UserId }) => ({ groupId: GroupId, ownerId: UserId ?? null })),
  };
}
