import type { TargetGroup as Described } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroup } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { describeTargetGroups } from '../services/elastic-load-balancing.ts';

export const targetGroups = defineCollector({
  key: 'targetGroups',
  worth: 'much',
  after: [],
  actions: [describeTargetGroups.action],
  async collect({ subject }, _earlier, aws) {
    const input = { LoadBalancerArn: subject.arn };
    const { items, gaps } = await aws.pages(describeTargetGroups, input, (answer) => answer.TargetGroups);
    return seen(items.map(targetGroupOf), gaps);
  },
});

export function targetGroupOf(group: Described): TargetGroup {
  return {
    arn: group.TargetGroupArn ?? '',
    name: group.TargetGroupName ?? '',
    targetType: group.TargetType ?? 'instance',
    protocol: group.Protocol ?? null,
    protocolVersion: group.ProtocolVersion ?? null,
    port: group.Port ?? null,
    vpcId: group.VpcId ?? null,
    loadBalancerArns: group.LoadBalancerArns ?? [],
    healthCheck: {
      enabled: group.HealthCheckEnabled ?? true,
      protocol: group.HealthCheckProtocol ?? null,
      port: group.HealthCheckPort ?? null,
      path: group.HealthCheckPath ?? null,
      intervalSeconds: group.HealthCheckIntervalSeconds ?? null,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? null,
      healthyThreshold: group.HealthyThresholdCount ?? null,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? null,
      matcher: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode ?? null,
    },
  };
}
