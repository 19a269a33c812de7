import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { openService } from '../service.ts';

/** Its reads refill by 20 a second. */
const ecs = openService({
  name: 'ecs',
  client: (config) => new ECSClient(config),
  limit: { concurrency: 8, burst: 40, perSecond: 15 },
  paging: { from: 'nextToken', into: 'nextToken' },
});

export const listClusters = ecs.paged('ListClusters', ListClustersCommand);
export const listServices = ecs.paged('ListServices', ListServicesCommand);
export const describeServices = ecs.operation('DescribeServices', DescribeServicesCommand);
export const listTasks = ecs.paged('ListTasks', ListTasksCommand);
export const describeTasks = ecs.operation('DescribeTasks', DescribeTasksCommand);
export const describeTaskDefinition = ecs.operation('DescribeTaskDefinition', DescribeTaskDefinitionCommand);
export const describeContainerInstances = ecs.operation(
  'DescribeContainerInstances',
  DescribeContainerInstancesCommand,
);
