import { openService } from '../service.ts';

const sdk = () => import('./sdk/auto-scaling.ts');

const autoScaling = openService({
  name: 'autoscaling',
  client: async (config) => new (await sdk()).AutoScalingClient(config),
  limit: { concurrency: 4, burst: 10, perSecond: 5 },
  paging: { from: 'NextToken', into: 'NextToken' },
});

export const describeAutoScalingInstances = autoScaling.paged(
  'DescribeAutoScalingInstances',
  async () => (await sdk()).DescribeAutoScalingInstancesCommand,
);
export const describeAutoScalingGroups = autoScaling.paged(
  'DescribeAutoScalingGroups',
  async () => (await sdk()).DescribeAutoScalingGroupsCommand,
);
export const describeScalingActivities = autoScaling.operation(
  'DescribeScalingActivities',
  async () => (await sdk()).DescribeScalingActivitiesCommand,
);
export const describeInstanceRefreshes = autoScaling.operation(
  'DescribeInstanceRefreshes',
  async () => (await sdk()).DescribeInstanceRefreshesCommand,
);
