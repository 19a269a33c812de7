import { openService } from '../service.ts';

const sdk = () => import('./sdk/ecs.ts');

/** Its reads refill by 20 a second. */
const ecs = openService({
  name: 'ecs',
  client: async (config) => new (await sdk()).ECSClient(config),
  limit: { concurrency: 8, burst: 40, perSecond: 15 },
  paging: { from: 'nextToken', into: 'nextToken' },
});

export const listClusters = ecs.paged('ListClusters', async () => (await sdk()).ListClustersCommand);
export const listServices = ecs.paged('ListServices', async () => (await sdk()).ListServicesCommand);
export const describeServices = ecs.operation('DescribeServices', async () => (await sdk()).DescribeServicesCommand);
export const listTasks = ecs.paged('ListTasks', async () => (await sdk()).ListTasksCommand);
export const describeTasks = ecs.operation('DescribeTasks', async () => (await sdk()).DescribeTasksCommand);
export const describeTaskDefinition = ecs.operation(
  'DescribeTaskDefinition',
  async () => (await sdk()).DescribeTaskDefinitionCommand,
);
export const describeContainerInstances = ecs.operation(
  'DescribeContainerInstances',
  async () => (await sdk()).DescribeContainerInstancesCommand,
);
