import type { NetworkAcl as Described, NetworkAclEntry as Entry } from '@aws-sdk/client-ec2';
import type { NetworkAcl, NetworkAclEntry } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { filtersOf } from '../filters.ts';
import { keptTags } from '../key-values.ts';
import { describeNetworkAcls } from '../services/ec2.ts';

export const networkAcls = defineCollector({
  key: 'networkAcls',
  after: ['loadBalancer'],
  actions: [describeNetworkAcls.action],
  async collect(_question, { loadBalancer }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the VPC of the load balancer');
    const { items, gaps } = await aws.pages(
      describeNetworkAcls,
      { Filters: filtersOf({ 'vpc-id': [loadBalancer.value.vpcId] }), MaxResults: 1000 },
      (answer) => answer.NetworkAcls,
    );
    return seen(items.map(networkAclOf), gaps);
  },
});

function networkAclOf(acl: Described): NetworkAcl {
  return {
    id: acl.NetworkAclId ?? '',
    isDefault: acl.IsDefault ?? false,
    subnetIds: (acl.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    entries: (acl.Entries ?? []).map(entryOf),
    tags: keptTags(acl.Tags),
  };
}

function entryOf(entry: Entry): NetworkAclEntry {
  return {
    ruleNumber: entry.RuleNumber ?? 0,
    egress: entry.Egress ?? false,
    action: entry.RuleAction === 'allow' ? 'allow' : 'deny',
    protocol: entry.Protocol ?? '-1',
    cidr: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '',
    fromPort: entry.PortRange?.From ?? null,
    toPort: entry.PortRange?.To ?? null,
  };
}
