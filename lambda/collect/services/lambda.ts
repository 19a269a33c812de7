import { openService } from '../service.ts';

const sdk = () => import('./sdk/lambda.ts');

const lambda = openService({
  name: 'lambda',
  client: async (config) => new (await sdk()).LambdaClient(config),
  limit: { concurrency: 6, burst: 15, perSecond: 10 },
  paging: { from: 'NextMarker', into: 'Marker' },
});

export const getFunctionConfiguration = lambda.operation(
  'GetFunctionConfiguration',
  async () => (await sdk()).GetFunctionConfigurationCommand,
);
export const getPolicy = lambda.operation('GetPolicy', async () => (await sdk()).GetPolicyCommand);
export const getFunctionConcurrency = lambda.operation(
  'GetFunctionConcurrency',
  async () => (await sdk()).GetFunctionConcurrencyCommand,
);
