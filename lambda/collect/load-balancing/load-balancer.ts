import type { LoadBalancer as Described } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancer } from '../../incident/evidence.ts';
import { seen, unseen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { describeLoadBalancers } from '../services/elastic-load-balancing.ts';
import { utcTime } from '../time.ts';

export const loadBalancer = defineCollector({
  key: 'loadBalancer',
  worth: 'much',
  after: [],
  actions: [describeLoadBalancers.action],
  async collect({ subject }, _earlier, aws) {
    const found = aws.loadBalancers.get(subject.arn);
    // The call was made and counted when the load balancer was looked for.
    if (found !== undefined) return seen(found, [], [{ action: describeLoadBalancers.action, calls: 1 }]);
    const { LoadBalancers } = await aws.ask(describeLoadBalancers, { LoadBalancerArns: [subject.arn] });
    const [described] = LoadBalancers ?? [];
    if (described !== undefined) return seen(loadBalancerOf(described));
    const { action } = describeLoadBalancers;
    return unseen('failed', `${action} failed (LoadBalancerNotFound): there is no ${subject.arn}`, action);
  },
});

export function loadBalancerOf(described: Described): LoadBalancer {
  return {
    arn: described.LoadBalancerArn ?? '',
    name: described.LoadBalancerName ?? '',
    dnsName: described.DNSName ?? '',
    scheme: described.Scheme ?? '',
    ipAddressType: described.IpAddressType ?? '',
    vpcId: described.VpcId ?? '',
    state: { code: described.State?.Code ?? 'unknown', reason: described.State?.Reason ?? null },
    securityGroupIds: described.SecurityGroups ?? [],
    zones: (described.AvailabilityZones ?? []).map((zone) => ({
      zone: zone.ZoneName ?? '',
      subnetId: zone.SubnetId ?? '',
    })),
    createdAt: utcTime(described.CreatedTime),
  };
}
