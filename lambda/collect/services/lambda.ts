import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { openService } from '../service.ts';

const lambda = openService({
  name: 'lambda',
  client: (config) => new LambdaClient(config),
  limit: { concurrency: 6, burst: 15, perSecond: 10 },
  paging: { from: 'NextMarker', into: 'Marker' },
});

export const getFunctionConfiguration = lambda.operation('GetFunctionConfiguration', GetFunctionConfigurationCommand);
export const getPolicy = lambda.operation('GetPolicy', GetPolicyCommand);
export const getFunctionConcurrency = lambda.operation('GetFunctionConcurrency', GetFunctionConcurrencyCommand);
