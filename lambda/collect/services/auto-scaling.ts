import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import { openService } from '../service.ts';

const autoScaling = openService({
  name: 'autoscaling',
  client: (config) => new AutoScalingClient(config),
  limit: { concurrency: 4, burst: 10, perSecond: 5 },
  paging: { from: 'NextToken', into: 'NextToken' },
});

export const describeAutoScalingInstances = autoScaling.paged(
  'DescribeAutoScalingInstances',
  DescribeAutoScalingInstancesCommand,
);
export const describeAutoScalingGroups = autoScaling.paged(
  'DescribeAutoScalingGroups',
  DescribeAutoScalingGroupsCommand,
);
export const describeScalingActivities = autoScaling.operation(
  'DescribeScalingActivities',
  DescribeScalingActivitiesCommand,
);
export const describeInstanceRefreshes = autoScaling.operation(
  'DescribeInstanceRefreshes',
  DescribeInstanceRefreshesCommand,
);
