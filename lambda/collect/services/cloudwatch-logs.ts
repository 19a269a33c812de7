import { openService } from '../service.ts';

const sdk = () => import('./sdk/cloudwatch-logs.ts');

const logs = openService({
  name: 'logs',
  client: async (config) => new (await sdk()).CloudWatchLogsClient(config),
  limit: { concurrency: 4, burst: 5, perSecond: 5 },
  paging: { from: 'nextToken', into: 'nextToken' },
});

export const describeDeliverySources = logs.paged(
  'DescribeDeliverySources',
  async () => (await sdk()).DescribeDeliverySourcesCommand,
);
export const describeDeliveries = logs.paged('DescribeDeliveries', async () => (await sdk()).DescribeDeliveriesCommand);
export const getDeliveryDestination = logs.operation(
  'GetDeliveryDestination',
  async () => (await sdk()).GetDeliveryDestinationCommand,
);
export const startQuery = logs.operation('StartQuery', async () => (await sdk()).StartQueryCommand);
export const getQueryResults = logs.operation('GetQueryResults', async () => (await sdk()).GetQueryResultsCommand);
