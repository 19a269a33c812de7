import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { openService } from '../service.ts';

/**
 * The account-wide bucket of all its calls is 40 and 10 a second: what is taken here leaves the customer's own tools
 * enough.
 */
export const elasticLoadBalancing = openService({
  name: 'elasticloadbalancing',
  client: (config) => new ElasticLoadBalancingV2Client(config),
  limit: { concurrency: 8, burst: 25, perSecond: 8 },
  paging: { from: 'NextMarker', into: 'Marker' },
});

export const describeLoadBalancers = elasticLoadBalancing.paged(
  'DescribeLoadBalancers',
  () => DescribeLoadBalancersCommand,
);
export const describeLoadBalancerAttributes = elasticLoadBalancing.operation(
  'DescribeLoadBalancerAttributes',
  () => DescribeLoadBalancerAttributesCommand,
);
export const describeListeners = elasticLoadBalancing.paged('DescribeListeners', () => DescribeListenersCommand);
export const describeRules = elasticLoadBalancing.paged('DescribeRules', () => DescribeRulesCommand);
export const describeTargetGroups = elasticLoadBalancing.paged(
  'DescribeTargetGroups',
  () => DescribeTargetGroupsCommand,
);
export const describeTargetGroupAttributes = elasticLoadBalancing.operation(
  'DescribeTargetGroupAttributes',
  () => DescribeTargetGroupAttributesCommand,
);
export const describeTargetHealth = elasticLoadBalancing.operation(
  'DescribeTargetHealth',
  () => DescribeTargetHealthCommand,
);
export const describeTags = elasticLoadBalancing.operation('DescribeTags', () => DescribeTagsCommand);
